package io.longline.coordinator.audit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** No more than so many a second: who has taken some waits before it goes on. Used by one thread. */
final class Pace {
    private final int perS;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private long nextNanos;

    Pace(int perS, LongSupplier nanoTime, Pause pause) {
        this.perS = perS;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** Waits until as many as were taken before have had their time. What was not taken in a while is not made up for. */
    void take(int many) {
        long now = nanoTime.getAsLong();
        long wait = nextNanos - now;
        nextNanos = Math.max(now, nextNanos) + TimeUnit.SECONDS.toNanos(many) / perS;
        if (wait > 0) {
            try {
                pause.of(Duration.ofNanos(wait));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LonglineException(ErrorCode.DRAINING, "coordinator is stopping", e);
            }
        }
    }
}
