package io.longline.room.transport.lean;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that wait for more: the beginning of something, or its fragments. Grows with what came, not with what was announced. */
final class Bytes {
    private static final int FIRST_BYTES = 64;

    private byte[] bytes = {};
    private int size;

    int size() {
        return size;
    }

    /** Consumes what remains in {@code more}. */
    void add(ByteBuffer more) {
        int needed = size + more.remaining();
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, size == 0 ? FIRST_BYTES : 2 * size));
        }
        int added = more.remaining();
        more.get(bytes, size, added);
        size += added;
    }

    /** All of them, where they are. */
    ByteBuffer all() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
