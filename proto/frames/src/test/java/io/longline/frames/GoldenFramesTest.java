package io.longline.frames;

import static io.longline.frames.GoldenFiles.bytes;
import static io.longline.frames.GoldenFiles.hex;
import static io.longline.frames.GoldenFiles.json;
import static io.longline.frames.GoldenFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.longline.frames.json.DispatchAnswers;
import io.longline.frames.json.JsonFrames;
import io.longline.v1.ClientFrame;
import io.longline.v1.DispatchAnswer;
import io.longline.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hex files were made with protoc from hand-written text, the JSON files by hand: neither comes from this codec. */
class GoldenFramesTest {

    static List<String> client() {
        return GoldenFiles.names("client");
    }

    static List<String> room() {
        return GoldenFiles.names("room");
    }

    @ParameterizedTest
    @MethodSource("client")
    void clientFrameMatchesItsGoldenFilesInBothFormsAndBothWays(String name) {
        check("client/" + name, Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);
    }

    @ParameterizedTest
    @MethodSource("room")
    void roomFrameMatchesItsGoldenFilesInBothFormsAndBothWays(String name) {
        check("room/" + name, Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);
    }

    @Test
    void everyKindOfFrameHasGoldenFiles() {
        assertThat(client()).containsAll(kinds(ClientFrame.getDefaultInstance()));
        assertThat(room()).containsAll(kinds(ServerFrame.getDefaultInstance()));
    }

    @Test
    void dispatchAnswerMatchesItsGoldenFilesInBothFormsAndBothWays() throws Exception {
        DispatchAnswer answer = DispatchAnswer.parseFrom(bytes("dispatch/answer"));

        assertThat(answer.toByteArray()).isEqualTo(bytes("dispatch/answer").array());
        assertThat(utf8(DispatchAnswers.encode(answer))).isEqualTo(json("dispatch/answer"));
        assertThat(DispatchAnswers.decode(utf8(json("dispatch/answer"))))
                .isInstanceOfSatisfying(
                        DecodeResult.Frame.class,
                        frame -> assertThat(frame.frame()).isEqualTo(answer));
    }

    private static <F extends Message> void check(String file, Direction<F> direction, FrameLimits limits) {
        JsonFrames<F> jsonFrames = new JsonFrames<>(direction, limits);
        F frame = frameOf(new FrameDecoder<>(direction, limits).decode(bytes(file)));

        assertThat(hex(FrameEncoder.encode(frame))).isEqualTo(hex(bytes(file)));
        assertThat(frameOf(jsonFrames.decode(utf8(json(file))))).isEqualTo(frame);
        assertThat(utf8(jsonFrames.encode(frame))).isEqualTo(json(file));

        BinaryFrames<F> binaryFrames = new BinaryFrames<>(direction, limits);
        ByteBuffer bare = binaryFrames.encode(frame);
        assertThat(hex(bytes(file))).endsWith(hex(bare));
        assertThat(frameOf(binaryFrames.decode(bare))).isEqualTo(frame);
    }

    private static <F> F frameOf(DecodeResult<F> result) {
        if (result instanceof DecodeResult.Frame<F> frame) {
            return frame.frame();
        }
        throw new AssertionError("expected a frame, got " + result);
    }

    private static List<String> kinds(Message empty) {
        return empty.getDescriptorForType().getFields().stream()
                .map(FieldDescriptor::getName)
                .toList();
    }
}
