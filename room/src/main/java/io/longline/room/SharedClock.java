package io.longline.room;

import java.util.concurrent.TimeUnit;

/**
 * The time by the clock of Redis, which gives out seqs and generations and says whether a bind comes too late. Tokens and times
 * to live are judged by it too, so that it does not matter which room a client is at. Every answer of a register corrects it;
 * until the first one it is the wall clock. Between two answers it runs with the monotonic clock: a wall clock that is set changes
 * nothing. Thread-safe.
 */
public final class SharedClock {
    private final RoomClocks clocks;
    private volatile Offset offset = Offset.UNKNOWN;

    /** From the monotonic clock, in milliseconds. */
    private record Offset(boolean known, long ms) {
        static final Offset UNKNOWN = new Offset(false, 0);
    }

    public SharedClock(RoomClocks clocks) {
        this.clocks = clocks;
    }

    public long nowMs() {
        Offset present = offset;
        return present.known ? monotonicMs() + present.ms : clocks.wallMs().getAsLong();
    }

    /** To be taken before Redis is asked, and given to {@link #told}. */
    public long asking() {
        return monotonicMs();
    }

    /**
     * Redis was asked then, and its clock said this. It did so at some moment since; as long as what is known agrees with that it is
     * left alone, so an answer that took long spoils nothing.
     *
     * @param timeMs 0: the answer does not say
     */
    public synchronized void told(long timeMs, long askedMs) {
        if (timeMs == 0) {
            return;
        }
        long least = timeMs - monotonicMs();
        long most = timeMs - askedMs + 1; // what is cut off from a millisecond
        Offset before = offset;
        long agreed = before.known ? Math.clamp(before.ms, least, most) : least + (most - least) / 2;
        offset = new Offset(true, agreed);
    }

    /** How much the wall clock is ahead of Redis'. */
    long wallAheadMs() {
        return clocks.wallMs().getAsLong() - nowMs();
    }

    private long monotonicMs() {
        return TimeUnit.NANOSECONDS.toMillis(clocks.nanos().getAsLong());
    }
}
