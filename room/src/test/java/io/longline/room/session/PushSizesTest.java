package io.longline.room.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import io.longline.frames.json.JsonFrames;
import io.longline.v1.ServerFrame;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushSizesTest {
    private static final int AROUND = 64; // the frame itself

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text",
                "\u0001\u001f\n\t",
                "\"\\/",
                "\u00e4\u00f6\u00fc",
                "\u4e2d\u6587",
                "\ud83d\ude00",
                "\u007f\u2028"
            })
    void noFrameIsLargerThanWhatItsMessagesAreSaidToBe(String text) {
        String many = text.repeat(50);
        for (Message message : List.of(
                new Message(
                        "m" + text,
                        many,
                        ByteString.EMPTY,
                        1L << 50,
                        1L << 52,
                        "normal",
                        1,
                        text,
                        text,
                        text,
                        false,
                        0),
                new Message("m", null, ByteString.copyFromUtf8(many), 0, 1L << 52, "high", 0, "", "", many, false, 0),
                new Message("m", null, ByteString.EMPTY, 0, 1L << 52, "low", 1, "", "", many, true, 1 << 30))) {
            ServerFrame frame = PushFrames.of(1, List.of(item(message, text), item(message, text)));
            int json = new JsonFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM)
                    .encode(frame)
                    .remaining();

            assertThat(PushSizes.most(message, "t" + text))
                    .isGreaterThanOrEqualTo((frame.getSerializedSize() - AROUND) / 2)
                    .isGreaterThanOrEqualTo((json - AROUND) / 2);
            assertThat(PushSizes.roughly(message, "t" + text))
                    .isGreaterThanOrEqualTo(PushSizes.most(message, "t" + text));
        }
    }

    private static io.longline.v1.Push.Builder item(Message message, String text) {
        return PushFrames.itemOfTopic("t" + text, (1L << 53) - 1, message, 1L << 51);
    }
}
