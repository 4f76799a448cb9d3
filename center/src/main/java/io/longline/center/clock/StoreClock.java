package io.longline.center.clock;

import io.longline.center.wire.Unanswered;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What time it is in Redis: as saver told it last, carried on by the monotonic clock of this process, which no change of the time of day
 * moves. It is read again every few seconds while somebody asks.
 */
public final class StoreClock {
    /** Two monotonic clocks part by less than a millisecond in that time. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** An answer that took longer says little about now; it serves only where there is nothing better. */
    private static final Duration SLOW = Duration.ofMillis(200);

    private static final Duration BETTER_THAN_SLOW = Duration.ofMinutes(1);

    /** How long savers of an earlier release, which do not tell the time, are not asked again. */
    private static final Duration UNTOLD = Duration.ofMinutes(1);

    private final Function<Deadline, CompletableFuture<OptionalLong>> store;
    private final InstantSource own;
    private final LongSupplier nanos;
    private final LongConsumer told;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile @Nullable Reading last;
    /** Until when nobody is asked. */
    private volatile @Nullable Long untold;

    /**
     * A clock that was told no time yet.
     *
     * @param own for what goes to who is connected now, as long as the store has not been heard of
     * @param told is given {@link #aheadMs} each time that the store was heard; must not block
     */
    public StoreClock(TimeClient store, InstantSource own, LongConsumer told) {
        this(store::timeMs, own, System::nanoTime, told);
    }

    StoreClock(
            Function<Deadline, CompletableFuture<OptionalLong>> store,
            InstantSource own,
            LongSupplier nanos,
            LongConsumer told) {
        this.told = told;
        this.store = store;
        this.own = own;
        this.nanos = nanos;
    }

    /** @param atNanos the middle between question and answer */
    private record Reading(long timeMs, long atNanos) {}

    /**
     * In milliseconds since 1970. Waits for the store where it was never heard of; then fails as a store does. The clock of this
     * process where savers are of an earlier release and do not tell.
     */
    public long millis(Deadline deadline) {
        if (last == null && !isUntold()) {
            try {
                ask(deadline).join();
            } catch (CompletionException e) {
                throw Unanswered.by("saver", e);
            }
        }
        return estimate();
    }

    /** As well as it is known without waiting for anything. */
    public long estimate() {
        Reading reading = last;
        refresh(reading);
        return reading == null ? own.millis() : at(reading);
    }

    /** How far the clock of this process is ahead of the store's, as far as that is known; else 0. */
    public long aheadMs() {
        Reading reading = last;
        return reading == null ? 0 : own.millis() - at(reading);
    }

    private long at(Reading reading) {
        return reading.timeMs
                + Duration.ofNanos(nanos.getAsLong() - reading.atNanos).toMillis();
    }

    private void refresh(@Nullable Reading reading) {
        boolean fresh = reading != null && nanos.getAsLong() - reading.atNanos < FRESH.toNanos();
        if (!fresh && !isUntold() && asking.compareAndSet(false, true)) {
            var _ = ask(Deadline.after(PATIENCE)).whenComplete((told, error) -> asking.set(false));
        }
    }

    private CompletableFuture<Void> ask(Deadline deadline) {
        long asked = nanos.getAsLong();
        return store.apply(deadline).thenAccept(timeMs -> {
            if (timeMs.isPresent()) {
                learn(timeMs.getAsLong(), asked, nanos.getAsLong());
            } else {
                untold = nanos.getAsLong() + UNTOLD.toNanos();
            }
        });
    }

    private boolean isUntold() {
        Long until = untold;
        return until != null && nanos.getAsLong() - until < 0;
    }

    private void learn(long timeMs, long asked, long answered) {
        Reading known = last;
        boolean slow = answered - asked > SLOW.toNanos();
        if (known == null || !slow || answered - known.atNanos > BETTER_THAN_SLOW.toNanos()) {
            last = new Reading(timeMs, asked + (answered - asked) / 2);
            told.accept(aheadMs());
        }
    }
}
