package io.longline.coordinator.outbox;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What readers have in mind of events that wait, in all shards together. A stream may have as many as are left for others, so that one callback
 * that takes nothing leaves room for the rest; one that has none gets a few whatever there is. Any thread.
 */
final class References {
    /** About what a reader takes itself. */
    private static final int LEAST = 16;

    private final int most;
    private final AtomicInteger held = new AtomicInteger();

    References(int most) {
        this.most = most;
    }

    /** How many of so many are granted to a stream that has some. */
    int take(int has, int wanted) {
        while (true) {
            int now = held.get();
            int free = Math.max(0, most - now);
            int granted = Math.min(wanted, Math.max(free - has, has == 0 ? LEAST : 0));
            if (granted <= 0) {
                return 0;
            }
            if (held.compareAndSet(now, now + granted)) {
                return granted;
            }
        }
    }

    void giveBack(int count) {
        held.addAndGet(-count);
    }

    int size() {
        return held.get();
    }
}
