package io.longline.room.transport.speech;

import io.longline.frames.Preamble;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the first bytes of a socket say about the rest. */
public enum FirstWords {
    NATIVE,
    HTTP,
    /** Nothing of ours: to be closed without a byte. */
    NEITHER,
    /** Too few bytes to tell. */
    OPEN;

    /** So many bytes are the preamble of {@link #NATIVE}. Those of {@link #HTTP} belong to the request. */
    public static final int PREAMBLE_BYTES = 2;

    private static final List<byte[]> HTTP_METHODS = List.of(
            ascii("GET "),
            ascii("POST "),
            ascii("PUT "),
            ascii("HEAD "),
            ascii("PATCH "),
            ascii("DELETE "),
            ascii("OPTIONS "));

    /** Looks at what remains in {@code in}, at least a byte, and consumes none of it. */
    public static FirstWords of(ByteBuffer in) {
        if (in.get(in.position()) == Preamble.MAGIC) {
            if (in.remaining() < PREAMBLE_BYTES) {
                return OPEN;
            }
            return in.get(in.position() + 1) == Preamble.VERSION ? NATIVE : NEITHER;
        }
        for (byte[] method : HTTP_METHODS) {
            int common = Math.min(method.length, in.remaining());
            if (startsWith(in, method, common)) {
                return common == method.length ? HTTP : OPEN;
            }
        }
        return NEITHER;
    }

    private static boolean startsWith(ByteBuffer in, byte[] expected, int length) {
        for (int i = 0; i < length; i++) {
            if (in.get(in.position() + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
