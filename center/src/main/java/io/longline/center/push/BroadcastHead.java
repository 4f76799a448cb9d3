package io.longline.center.push;

import java.time.Duration;

/**
 * One message to all users, as a back end asked for it.
 *
 * @param push without targets
 * @param ttl for how long it stays in the log, which may be less than its options have
 * @param topic in whose log it comes; all users follow it
 * @param ratePerS people; 0: any number. Where bytes are 0, too: the usual pace of the product
 * @param bytesPerS 0: any number
 * @param canaryPermille so many users of 1,000 get it at first; 0: everybody
 */
public record BroadcastHead(Push push, Duration ttl, String topic, int ratePerS, int bytesPerS, int canaryPermille) {
    /** The topic that is meant where none is named, and what the names of all such topics begin with. */
    public static final String EVERYBODY = "*";

    public static final int MOST_PERMILLE = 1_000;

    public static final int MOST_BYTES_PER_S = 2_000_000_000;
    /** What a message takes on its way beside its payload, as rooms count it. */
    private static final int AROUND = 64;

    /** What one session takes of the bytes a second: all get the same message. */
    public static int bytesEach(Push push) {
        return AROUND + (push.options().notifyOnly() ? 0 : push.payload().size());
    }

    /** What "the same body" means: {@link BodyDigest}. Pace and canary are changed while it goes on, so they are no part of it. */
    public byte[] bodyHash() {
        return BodyDigest.ofBroadcast(topic).end(push.payload(), push.options());
    }
}
