package io.longline.center.quota;

import io.longline.center.CenterMetrics;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SendLimits;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one product may send from this center: credits, which saver grants for all centers together, a tenth of a second of the rate
 * ahead. One request at a time asks for more, the others wait for it. A refusal holds until its time is over, and costs nobody a call.
 * Where nobody answers, this center lets its share of the rate through, a second at a time. From any thread.
 */
final class ProductRate {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int GRANTS_PER_S = 10;
    /** Where there is no rate; saver grants less where the quota of the day comes to its end. */
    private static final long AHEAD = 1_000;
    /** Likewise, in a second without an answer. */
    private static final long ANY_NUMBER = 1_000_000;

    private final String product;
    private final Saver saver;
    private final IntSupplier centers;
    private final LongSupplier nanos;
    private final CenterMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private SendLimits limits = SendLimits.NONE;
    /** Below 0: more was let through than there was. */
    private final AtomicLong credits = new AtomicLong();

    private volatile @Nullable Refusal refusal;
    /** Nobody is asked until then, as nobody answered. */
    private @Nullable Long aloneUntil;

    /** {@link QuotaClient#grant} of this product. */
    interface Saver {
        GrantOutcome grant(long needed, long wanted, SendLimits limits, Deadline deadline);
    }

    /** Of so many messages and more, under these limits. */
    private record Refusal(Quota quota, long messages, SendLimits limits, long untilNanos) {}

    /** @param centers how many share the rate */
    ProductRate(String product, Saver saver, IntSupplier centers, LongSupplier nanos, CenterMetrics metrics) {
        this.product = product;
        this.saver = saver;
        this.centers = centers;
        this.nanos = nanos;
        this.metrics = metrics;
    }

    /**
     * Takes so many messages, or none: PRODUCT_RATE_EXCEEDED.
     *
     * @param current the limits; where they have changed all begins anew
     */
    void take(long messages, SendLimits current, Deadline deadline) {
        refuseAgain(messages, current);
        enter(deadline);
        try {
            adopt(current);
            refuseAgain(messages, current);
            if (!isAlone() && credits.get() < messages) {
                ask(messages, deadline);
            }
            if (aloneUntil != null && credits.get() <= 0) {
                throw refused(new Refusal(Quota.RATE, 1, limits, aloneUntil));
            }
            credits.addAndGet(-messages);
        } finally {
            lock.unlock();
        }
    }

    /** What is left of what was granted. */
    long credits() {
        return Math.max(0, credits.get());
    }

    private void refuseAgain(long messages, SendLimits current) {
        Refusal last = refusal;
        if (last != null
                && messages >= last.messages
                && current.equals(last.limits)
                && last.untilNanos - nanos.getAsLong() > 0) {
            throw refused(last);
        }
    }

    private void enter(Deadline deadline) {
        try {
            if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw LonglineException.dependencyDown("saver", "saver did not grant messages in time", null)
                        .retryAfter(RETRY_AFTER);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LonglineException(ErrorCode.OVERLOADED, "interrupted while waiting for a grant", e);
        }
    }

    private void adopt(SendLimits current) {
        if (!limits.equals(current)) {
            limits = current;
            credits.set(0);
            refusal = null;
            aloneUntil = null;
        }
    }

    /** What is left of a share is void when its second is over; what was let through beyond it stays owed. */
    private boolean isAlone() {
        if (aloneUntil != null && aloneUntil - nanos.getAsLong() <= 0) {
            aloneUntil = null;
            credits.set(Math.min(0, credits.get()));
        }
        return aloneUntil != null;
    }

    private void ask(long messages, Deadline deadline) {
        long needed = messages - credits.get();
        long ahead = limits.ratePerS() == 0 ? AHEAD : limits.ratePerS() / GRANTS_PER_S;
        GrantOutcome outcome = saver.grant(needed, needed + ahead, limits, deadline.atMost(PATIENCE));
        metrics.granted(outcome);
        switch (outcome) {
            case GrantOutcome.Granted(long granted) -> credits.addAndGet(granted);
            case GrantOutcome.Over(Quota quota, Duration pause) -> {
                Refusal fresh = new Refusal(quota, messages, limits, nanos.getAsLong() + pause.toNanos());
                refusal = fresh;
                throw refused(fresh);
            }
            case GrantOutcome.Unanswered() -> {
                aloneUntil = nanos.getAsLong() + ALONE_NANOS;
                credits.addAndGet(share());
            }
        }
    }

    /** Of this center, in a second. */
    private long share() {
        return limits.ratePerS() == 0 ? ANY_NUMBER : Math.ceilDiv(limits.ratePerS(), Math.max(1, centers.getAsInt()));
    }

    private LonglineException refused(Refusal why) {
        metrics.overQuota(why.quota);
        String limit = why.quota == Quota.DAY
                ? why.limits.dailyQuota() + " messages a day"
                : why.limits.ratePerS() + " messages/s";
        long left = TimeUnit.NANOSECONDS.toMillis(why.untilNanos - nanos.getAsLong());
        return new LonglineException(ErrorCode.PRODUCT_RATE_EXCEEDED, "product " + product + " is over " + limit)
                .retryAfter(Duration.ofMillis(Math.max(1, left)));
    }
}
