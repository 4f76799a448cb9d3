package io.longline.frames;

import static io.longline.frames.GoldenFiles.bytes;
import static io.longline.frames.GoldenFiles.json;
import static io.longline.frames.GoldenFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.Message;
import io.longline.frames.json.JsonFrames;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RandomFramesTest {
    private static final int ROUNDS = Boolean.getBoolean("longline.test.long") ? 200_000 : 2_000;
    private static final long SEED = 360_2014;

    private final RandomFrames random = new RandomFrames(SEED);

    @Test
    void randomClientFramesComeBackEqualInEveryForm() {
        for (int i = 0; i < ROUNDS; i++) {
            comesBack(
                    Direction.CLIENT_TO_ROOM,
                    random.next(Direction.CLIENT_TO_ROOM, ClientFrame.class, ClientFrame.getDefaultInstance()));
        }
    }

    @Test
    void randomRoomFramesComeBackEqualInEveryForm() {
        for (int i = 0; i < ROUNDS; i++) {
            comesBack(
                    Direction.ROOM_TO_CLIENT,
                    random.next(Direction.ROOM_TO_CLIENT, ServerFrame.class, ServerFrame.getDefaultInstance()));
        }
    }

    @Test
    void randomBytesNeverMakeADecoderThrow() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] garbage = random.bytes(random.below(200));
            decodeEveryWay(garbage);
        }
    }

    @Test
    void damagedFramesNeverMakeADecoderThrow() {
        for (String name : GoldenFiles.names("client")) {
            byte[] binary = bytes("client/" + name).array();
            byte[] text = utf8(utf8(json("client/" + name))).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (int i = 0; i < ROUNDS / 20; i++) {
                decodeEveryWay(damaged(binary));
                decodeEveryWay(damaged(text));
            }
        }
    }

    private static <F extends Message> void comesBack(Direction<F> direction, F frame) {
        ByteBuffer bytes = FrameEncoder.encode(frame);
        JsonFrames<F> json = new JsonFrames<>(direction, FrameLimits.FROM_ROOM);
        assertThat(new FrameDecoder<>(direction, FrameLimits.FROM_ROOM).decode(bytes))
                .isInstanceOfSatisfying(
                        DecodeResult.Frame.class,
                        back -> assertThat(back.frame()).isEqualTo(frame));
        assertThat(bytes.hasRemaining()).isFalse();
        ByteBuffer text = json.encode(frame);
        assertThat(json.decode(text.duplicate()))
                .as(() -> utf8(text))
                .isInstanceOfSatisfying(
                        DecodeResult.Frame.class,
                        back -> assertThat(back.frame()).isEqualTo(frame));
    }

    private byte[] damaged(byte[] bytes) {
        byte[] copy = bytes.clone();
        for (int i = 1 + random.below(3); i > 0; i--) {
            copy[random.below(copy.length)] = random.bytes(1)[0];
        }
        return copy;
    }

    /** Whatever comes out, the input is consumed and the decoder ends. */
    private static void decodeEveryWay(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            FrameDecoder<ClientFrame> decoder = new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);
            while (!(decoder.decode(in) instanceof DecodeResult.NeedMore)) {
                assertThat(in.position()).isPositive();
            }
            assertThat(in.hasRemaining()).isFalse();
            assertThat(new BinaryFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT)
                            .decode(ByteBuffer.wrap(bytes)))
                    .isNotInstanceOf(DecodeResult.NeedMore.class);
            assertThat(new JsonFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT)
                            .decode(ByteBuffer.wrap(bytes)))
                    .isNotInstanceOf(DecodeResult.NeedMore.class);
        } catch (RuntimeException e) {
            fail("threw for " + HexFormat.of().formatHex(bytes), e);
        }
    }
}
