package io.longline.room.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** On the way out, after the links are closed: what clients acknowledged is still told to the saver. */
public final class LastAcks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LastAcks.class);
    private static final Duration LONGEST = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(10);

    private final List<RoomLoop> loops;
    private final IntSupplier ofTopics;

    /** @param ofTopics how many acks of topics are still to be told; may block */
    public LastAcks(List<RoomLoop> loops, IntSupplier ofTopics) {
        this.loops = loops;
        this.ofTopics = ofTopics;
    }

    /** Waits until all are told, no longer than 3 s. */
    @Override
    public void close() {
        long end = System.nanoTime() + LONGEST.toNanos();
        int left = left();
        while (left > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL.toNanos());
            left = left();
        }
        if (left > 0) {
            log.warn("closed with acks that the saver did not take acks={}", left);
        }
    }

    private int left() {
        return loops.stream()
                        .mapToInt(roomLoop -> roomLoop.loop().call(roomLoop.forwarder()::size))
                        .sum()
                + ofTopics.getAsInt();
    }
}
