package io.longline.keeper.rpc;

import java.time.Duration;

/**
 * When calls wait for company. A batch costs much and one more call in it little, so what comes while other batches of the lane are
 * on their way leaves together; where there are none, at once. The lane's thread asks, any thread looks.
 */
final class Linger {
    /** With so many batches under way of which nothing was heard yet. One more keeps both sides at work meanwhile. */
    private static final int UNHEARD = 2;

    private final long longest;
    private long began;
    private volatile boolean lingers;

    /** @param longest that a call waits; zero: none does */
    Linger(Duration longest) {
        this.longest = longest.toNanos();
    }

    /** How long the calls of a lane are to wait from now on, unless something changes; 0: they leave. */
    long nanos(int unheard, boolean fillsBatch) {
        long now = System.nanoTime();
        if (!lingers) {
            began = now;
        }
        long left = unheard < UNHEARD || fillsBatch ? 0 : Math.max(0, began + longest - now);
        lingers = left > 0;
        return left;
    }

    /** Whether calls wait now. */
    boolean lingers() {
        return lingers;
    }
}
