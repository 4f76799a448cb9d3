package io.longline.keeper.redis;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What callers have handed to a store and Redis has not answered: so many calls, and so many bytes of them. */
final class RedisFlight {

    /** About the work of a second. */
    static final int LIMIT = 50_000;

    static final long BYTES_LIMIT = 64 << 20;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** False when it is too much; a call larger than the limit is taken when it is the only one. */
    boolean enter(int size) {
        if (calls.incrementAndGet() > LIMIT) {
            calls.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(size) > BYTES_LIMIT && bytes.get() > size) {
            leave(size);
            return false;
        }
        return true;
    }

    void leave(int size) {
        bytes.addAndGet(-size);
        calls.decrementAndGet();
    }

    int calls() {
        return calls.get();
    }

    long bytes() {
        return bytes.get();
    }
}
