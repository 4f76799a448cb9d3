package io.longline.keeper.shard;

/** The time that a seq or a generation is led by; DESIGN section 2. */
public final class Seqs {
    private static final long PER_MS = 1024;

    private Seqs() {}

    /** The first one of a millisecond. */
    public static long firstOf(long ms) {
        return ms * PER_MS;
    }

    /** The last one of a millisecond. */
    public static long lastOf(long ms) {
        return firstOf(ms) + PER_MS - 1;
    }

    /** The millisecond that it is led by. */
    public static long ms(long seq) {
        return seq / PER_MS;
    }
}
