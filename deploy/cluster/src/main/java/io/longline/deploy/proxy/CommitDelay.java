package io.longline.deploy.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Holds back the command COMMIT of MySQL's protocol: a packet of its own, three bytes length, a number that is 0, the byte of
 * a query, the text. A client says nothing more before it is answered, so such a packet is read as a whole.
 */
record CommitDelay(Supplier<Duration> delay) implements ByteDelay {
    private static final byte[] WORD = "commit".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 4;
    private static final int QUERY = 3;
    private static final int LOWER_CASE = 0x20;

    @Override
    public Duration of(byte[] bytes, int length) {
        return isCommit(bytes, length) ? delay.get() : Duration.ZERO;
    }

    static boolean isCommit(byte[] bytes, int length) {
        if (length < HEADER + 1 + WORD.length || bytes[3] != 0 || bytes[HEADER] != QUERY) {
            return false;
        }
        for (int i = 0; i < WORD.length; i++) {
            if ((bytes[HEADER + 1 + i] | LOWER_CASE) != WORD[i]) {
                return false;
            }
        }
        return true;
    }
}
