package io.longline.sdk;

/**
 * What one session has finished with and not yet told the room. Acks are cumulative, so only the newest seq is kept; it is due after 32
 * messages, or 50 ms after the oldest of them was begun.
 */
final class AckBatch {
    static final int MAX_COUNT = 32;
    static final long MAX_AGE_MS = 50;

    private long seq;
    private int count;
    private long sinceMs;
    private int maxCount = MAX_COUNT;

    /** A room with a small window must not wait for acks that its window does not allow to come together. */
    synchronized void window(int messages) {
        maxCount = Math.max(1, Math.min(MAX_COUNT, messages / 2));
    }

    /** A message was finished with now, or had been before and came again. */
    synchronized void add(long finished, long begunAtMs) {
        if (count++ == 0) {
            sinceMs = begunAtMs;
        }
        seq = Math.max(seq, finished);
    }

    /** The seq to acknowledge now, which empties the batch; 0 while none is due. */
    synchronized long takeDue(long nowMs) {
        return count >= maxCount || (count > 0 && nowMs - sinceMs >= MAX_AGE_MS) ? takeAll() : 0;
    }

    /** The seq to acknowledge, due or not, which empties the batch; 0 where there is none. */
    synchronized long takeAll() {
        long taken = count == 0 ? 0 : seq;
        count = 0;
        return taken;
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }
}
