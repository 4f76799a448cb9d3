package io.longline.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** What coordinator counts of uplinks. */
public final class UplinkMetrics {
    private static final String PREFIX = "longline.coordinator.uplink.";

    private final MeterRegistry registry;
    private final Counter kept;
    private final Counter repeated;
    private final Counter delivered;
    private final Map<Refusal, Counter> refused;
    private final Map<Failure, Counter> undelivered;
    private final Counter storeFailures;
    private final Map<Reply, Counter> replies;

    /** Why an uplink was not taken. */
    public enum Refusal {
        NO_CALLBACK,
        PRODUCT_RATE,
        ENDPOINT_FULL,
        STREAM_FULL
    }

    /** Why an uplink was not delivered, and is tried again. */
    public enum Failure {
        /** The callback answered something else than 2xx. */
        REFUSED,
        UNANSWERED,
        /** The callback has failed lately and was not asked. */
        SPARED
    }

    /** What became of a reply in a callback's answer. */
    public enum Reply {
        STORED,
        /** The answer was no JSON, or no reply, or of an event that was not in the request. */
        UNREADABLE,
        /** The inbox did not take it. */
        FAILED
    }

    public UplinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.kept = registry.counter(PREFIX + "kept");
        this.repeated = registry.counter(PREFIX + "repeated");
        this.delivered = registry.counter(PREFIX + "delivered");
        this.refused = counters(Refusal.class, "refused", "reason");
        this.undelivered = counters(Failure.class, "undelivered", "reason");
        this.storeFailures = registry.counter(PREFIX + "store.failures");
        this.replies = counters(Reply.class, "replies", "result");
    }

    private <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, String name, String tag) {
        Function<E, Counter> counter =
                value -> registry.counter(PREFIX + name, tag, value.name().toLowerCase(Locale.ROOT));
        Map<E, Counter> counters = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            counters.put(value, counter.apply(value));
        }
        return counters;
    }

    /**
     * Gauges. The registry keeps both suppliers.
     *
     * @param shards whose lease this coordinator has
     * @param waiting in their streams, as far as it has looked
     */
    public void watch(IntSupplier shards, IntSupplier waiting) {
        Gauge.builder(PREFIX + "shards", shards::getAsInt).register(registry);
        Gauge.builder(PREFIX + "waiting", waiting::getAsInt).register(registry);
    }

    public void kept() {
        kept.increment();
    }

    /** Of an id that was kept before. */
    public void repeated() {
        repeated.increment();
    }

    public void refused(Refusal why) {
        Objects.requireNonNull(refused.get(why)).increment();
    }

    public void delivered(int uplinks) {
        delivered.increment(uplinks);
    }

    public void undelivered(Failure why, int uplinks) {
        Objects.requireNonNull(undelivered.get(why)).increment(uplinks);
    }

    /** A look at the streams that failed. */
    public void storeFailed() {
        storeFailures.increment();
    }

    public void reply(Reply result) {
        Objects.requireNonNull(replies.get(result)).increment();
    }
}
