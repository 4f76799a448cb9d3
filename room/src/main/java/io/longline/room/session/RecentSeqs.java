package io.longline.room.session;

/** The last few seqs of a kind. 0 is none. */
final class RecentSeqs {
    private static final int SIZE = 8;

    private final long[] seqs = new long[SIZE];
    private int next;

    void add(long seq) {
        seqs[next] = seq;
        next = (next + 1) % SIZE;
    }

    boolean contains(long seq) {
        for (long one : seqs) {
            if (one == seq) {
                return true;
            }
        }
        return false;
    }
}
