package io.longline.keeper.http;

import java.io.InputStream;

/** A body that is read as it comes: no faster than its reader takes it. Throws what {@link HttpBody} does. */
final class BodyStream extends InputStream {
    private final HttpBody body;
    private long left;

    /** @param limit bytes; one more is PAYLOAD_TOO_LARGE */
    BodyStream(HttpBody body, long limit) {
        this.body = body;
        this.left = limit;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int most) {
        if (most == 0) {
            return 0;
        }
        int read = body.readSome(into, from, (int) Math.min(most, left + 1));
        left -= Math.max(0, read);
        if (left < 0) {
            throw body.tooLarge();
        }
        return read;
    }
}
