package io.longline.room.session;

/** The seqs that were sent and not yet acknowledged, in order. Holds no array while there is none. */
final class Unacked {
    private static final long[] NONE = {};
    private static final int FIRST_SIZE = 4;

    private long[] ring = NONE; // its length is a power of two
    private int head;
    private int size;

    int size() {
        return size;
    }

    /** The seq must be above all that are held. */
    void add(long seq) {
        if (size == ring.length) {
            grow();
        }
        ring[index(size)] = seq;
        size++;
    }

    /** Forgets all up to and with this one. */
    void ackUpTo(long seq) {
        while (size > 0 && ring[head] <= seq) {
            head = index(1);
            size--;
        }
        if (size == 0) {
            ring = NONE;
            head = 0;
        }
    }

    boolean contains(long seq) {
        for (int i = 0; i < size; i++) {
            if (ring[index(i)] == seq) {
                return true;
            }
        }
        return false;
    }

    private int index(int i) {
        return (head + i) & (ring.length - 1);
    }

    private void grow() {
        long[] larger = new long[Math.max(FIRST_SIZE, ring.length * 2)];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[index(i)];
        }
        ring = larger;
        head = 0;
    }
}
