package io.longline.center.message;

import java.time.Duration;

/**
 * When to look for acks: first when they usually have come, as the waits before have shown, then ever more slowly. So a wait costs the
 * stores a look or two where clients acknowledge, and few where nobody is there. Any thread; a lost update does no harm.
 */
final class AckPace {
    private static final Duration SHORTEST = Duration.ofMillis(5);
    private static final Duration LONGEST_FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMillis(250);

    /** An ack that took longer came from somebody who was away; it says nothing about the others. */
    private static final Duration USUAL_AT_MOST = Duration.ofMillis(500);

    /** Of what a new time differs from the usual one, the part that the usual one moves by; sooner is believed more readily than later. */
    private static final int WEIGHT_OF_LATER = 8;

    private static final int WEIGHT_OF_SOONER = 2;

    private volatile long usualNanos = Duration.ofMillis(20).toNanos();

    /** The acks were seen so long after the message had been handed over. */
    void acked(Duration after) {
        long known = usualNanos;
        long seen = Math.min(after.toNanos(), USUAL_AT_MOST.toNanos());
        usualNanos = known + (seen - known) / (seen > known ? WEIGHT_OF_LATER : WEIGHT_OF_SOONER);
    }

    /** Before the first look at a message that was written. A little early: else it was never learned that acks come sooner. */
    Duration first() {
        return clamp(usualNanos * 3 / 4);
    }

    /** Between the first look and the second. */
    Duration second() {
        return clamp(usualNanos / 4);
    }

    /** Between all others, and where nothing was written that could be acknowledged. */
    Duration after(Duration pause) {
        Duration longer = pause.multipliedBy(3).dividedBy(2);
        return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }

    Duration longest() {
        return LONGEST;
    }

    private static Duration clamp(long nanos) {
        return Duration.ofNanos(Math.clamp(nanos, SHORTEST.toNanos(), LONGEST_FIRST.toNanos()));
    }
}
