package io.longline.center.push;

/**
 * One message to all users, as a back end asked for it.
 *
 * @param push without targets
 * @param topic in whose log it comes; all users follow it
 * @param ratePerS people; 0: the usual one of the product
 * @param canaryPermille so many users of 1,000 get it at first; 0: everybody
 */
public record BroadcastHead(Push push, String topic, int ratePerS, int canaryPermille) {
    /** The topic that is meant where none is named, and what the names of all such topics begin with. */
    public static final String EVERYBODY = "*";

    public static final int MOST_PERMILLE = 1_000;

    /** What "the same body" means: {@link BodyDigest}. Pace and canary are changed while it goes on, so they are no part of it. */
    public byte[] bodyHash() {
        return BodyDigest.ofBroadcast(topic).end(push.payload(), push.options());
    }
}
