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
    private final Counter unclaimed;
    private final Counter repeated;
    private final Map<Refusal, Counter> refused;
    private final Map<Reply, Counter> replies;
    private final Counter unnoted;

    /** Why an uplink was not taken. */
    public enum Refusal {
        UNKNOWN_PRODUCT,
        /** Of a type that nobody takes, where there are as many as may be. */
        TYPES_FULL,
        PRODUCT_RATE,
        ENDPOINT_RATE,
        ENDPOINT_FULL,
        STREAM_FULL
    }

    /** What became of a reply in a callback's answer. */
    public enum Reply {
        STORED,
        /** The answer was no JSON, or no reply, or of an event that was not in the request. */
        UNREADABLE,
        /** The inbox did not take it for a day, or never will; or there was no room to keep it, and the inbox did not take it at once. */
        FAILED
    }

    public UplinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.kept = registry.counter(PREFIX + "kept");
        this.unclaimed = registry.counter(PREFIX + "unclaimed");
        this.repeated = registry.counter(PREFIX + "repeated");
        this.refused = counters(Refusal.class, "refused", "reason");
        this.replies = counters(Reply.class, "replies", "result");
        this.unnoted = registry.counter(PREFIX + "replies.unnoted");
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

    /** The registry keeps the supplier. */
    public void watchReplies(IntSupplier waiting) {
        Gauge.builder(PREFIX + "replies.waiting", waiting::getAsInt).register(registry);
    }

    public void kept() {
        kept.increment();
    }

    /** Of those that were kept one that neither a callback nor a group takes yet. */
    public void unclaimed() {
        unclaimed.increment();
    }

    /** Of an id that was kept before. */
    public void repeated() {
        repeated.increment();
    }

    public void refused(Refusal why) {
        Objects.requireNonNull(refused.get(why)).increment();
    }

    public void reply(Reply result) {
        reply(result, 1);
    }

    public void reply(Reply result, int count) {
        Objects.requireNonNull(replies.get(result)).increment(count);
    }

    /** A reply that could not be kept until an inbox has it: it is tried once. */
    public void unnoted() {
        unnoted.increment();
    }
}
