package io.longline.room.delivery;

import java.time.Duration;

/**
 * How long the acks of one loop wait for each other before the saver is told: longer where there are many, as a call costs much and one more ack in it
 * little. Nobody waits for them. On that loop.
 */
public final class AckPace {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofMillis(50);
    private static final int MANY = 32;

    private boolean many;

    /** Until the next are sent. */
    public Duration pause() {
        return many ? LONG : SHORT;
    }

    /** So many are sent together. */
    public void sends(int count) {
        many = count >= MANY;
    }
}
