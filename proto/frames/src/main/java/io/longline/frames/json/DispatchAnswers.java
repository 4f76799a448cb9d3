package io.longline.frames.json;

import io.longline.frames.DecodeResult;
import io.longline.v1.DispatchAnswer;
import java.nio.ByteBuffer;

/** The dispatcher's answer (CONTRACT section 3) in JSON. */
public final class DispatchAnswers {
    /** An answer has few addresses; a client reads no more than this. */
    public static final int MAX_BYTES = 256 * 1024;

    private DispatchAnswers() {}

    /** The answer in UTF-8, in a buffer of exactly that size. */
    public static ByteBuffer encode(DispatchAnswer answer) {
        return JsonText.write(answer);
    }

    /** Reads all that remains in {@code utf8} as one answer: a frame, malformed or too large. */
    public static DecodeResult<DispatchAnswer> decode(ByteBuffer utf8) {
        return JsonText.read(utf8, MAX_BYTES, in -> {
            DispatchAnswer.Builder answer = DispatchAnswer.newBuilder();
            JsonReader.readFields(in, answer);
            return new DecodeResult.Frame<>(answer.build());
        });
    }
}
