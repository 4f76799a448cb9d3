package io.longline.frames;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.longline.frames.json.JsonFrames;
import io.longline.v1.ClientFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a client sends is a frame, no frame yet, or refused with a close code. Here the known cases; with {@code JAZZER_FUZZ=1} in the
 * environment, one method at a time, Jazzer looks for others, guided by what of the code they reach.
 */
class FramesFuzzTest {
    private static final JsonFrames<ClientFrame> JSON =
            new JsonFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);

    static Stream<Arguments> framed() {
        return GoldenFiles.names("client").stream().map(name -> {
            ByteBuffer body = GoldenFiles.bytes("client/" + name).duplicate();
            byte[] framed = new byte[body.remaining()];
            body.get(framed);
            return Arguments.of((Object) framed);
        });
    }

    static Stream<Arguments> texts() {
        return GoldenFiles.names("client").stream()
                .map(name ->
                        Arguments.of((Object) GoldenFiles.json("client/" + name).getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("framed")
    @FuzzTest(maxDuration = "10m")
    void nativeFrames(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        FrameDecoder<ClientFrame> decoder = new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);
        DecodeResult<ClientFrame> result = decoder.decode(in);
        while (result instanceof DecodeResult.Frame || result instanceof DecodeResult.Unknown) {
            result = decoder.decode(in);
        }
        assertThat(result).isInstanceOfAny(DecodeResult.NeedMore.class, DecodeResult.Refused.class);
    }

    @MethodSource("texts")
    @FuzzTest(maxDuration = "10m")
    void json(byte[] text) {
        if (JSON.decode(ByteBuffer.wrap(text)) instanceof DecodeResult.Frame<ClientFrame> whole) {
            assertThat(JSON.decode(JSON.encode(whole.frame())))
                    .isInstanceOfSatisfying(
                            DecodeResult.Frame.class,
                            again -> assertThat(again.frame()).isEqualTo(whole.frame()));
        }
    }
}
