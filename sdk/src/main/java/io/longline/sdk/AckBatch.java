package io.longline.sdk;

/**
 * What one session has finished with and not yet told the room. Acks are cumulative, so only the newest seq is kept. It is due at once,
 * unless there was an ack within the last 50 ms: then it waits for the end of them, or for 32 messages. So the ack of a lone message
 * waits for nothing, and those of many go together.
 */
final class AckBatch {
    static final int MAX_COUNT = 32;
    static final long MAX_AGE_MS = 50;

    private long seq;
    private int count;
    private boolean taken;
    private long takenAtMs;
    private int maxCount = MAX_COUNT;

    /** A room with a small window must not wait for acks that its window does not allow to come together. */
    synchronized void window(int messages) {
        maxCount = Math.max(1, Math.min(MAX_COUNT, messages / 2));
    }

    /** A message was finished with now, or had been before and came again. */
    synchronized void add(long finished) {
        count++;
        seq = Math.max(seq, finished);
    }

    /** The seq to acknowledge now, which empties the batch; 0 while none is due. */
    synchronized long takeDue(long nowMs) {
        boolean quiet = !taken || nowMs - takenAtMs >= MAX_AGE_MS;
        if (count == 0 || (count < maxCount && !quiet)) {
            return 0;
        }
        taken = true;
        takenAtMs = nowMs;
        return takeAll();
    }

    /** The seq to acknowledge, due or not, which empties the batch; 0 where there is none. */
    synchronized long takeAll() {
        long due = count == 0 ? 0 : seq;
        count = 0;
        return due;
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }
}
