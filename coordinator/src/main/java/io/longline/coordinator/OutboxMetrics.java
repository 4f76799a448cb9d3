package io.longline.coordinator;

import io.longline.coordinator.callback.Places;
import io.longline.coordinator.outbox.DeadLetters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** What coordinator counts of what it tells back ends. */
public final class OutboxMetrics {
    private static final String PREFIX = "longline.coordinator.outbox.";

    private final MeterRegistry registry;
    private final Map<Kind, Counter> delivered;
    private final Map<Failure, Counter> undelivered;
    private final Map<DeadLetters.Kept, Counter> dead;
    private final Counter storeFailures;

    /** Of callbacks. */
    private enum Kind {
        UPLINK,
        PRESENCE,
        MESSAGE;

        static Kind of(String kind) {
            return switch (kind) {
                case "presence" -> PRESENCE;
                case "message" -> MESSAGE;
                default -> UPLINK;
            };
        }
    }

    /** Why an event was not delivered, and is tried again. */
    public enum Failure {
        /** The callback answered something else than 2xx. */
        REFUSED,
        UNANSWERED,
        /** The callback has failed lately and was not asked. */
        SPARED
    }

    public OutboxMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.delivered = counters(Kind.class, "delivered", "kind");
        this.undelivered = counters(Failure.class, "undelivered", "reason");
        this.dead = counters(DeadLetters.Kept.class, "dead", "result");
        this.storeFailures = registry.counter(PREFIX + "store.failures");
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

    /**
     * What all callbacks together may take of this process. The registry keeps them.
     *
     * @param references to events that wait
     */
    public void watch(Places places, IntSupplier references, int mostReferences) {
        Gauge.builder(PREFIX + "requests", places::size).register(registry);
        Gauge.builder(PREFIX + "requests.limit", places::most).register(registry);
        FunctionCounter.builder(PREFIX + "requests.waits", places, Places::waits)
                .register(registry);
        Gauge.builder(PREFIX + "references", references::getAsInt).register(registry);
        Gauge.builder(PREFIX + "references.limit", () -> mostReferences).register(registry);
    }

    /** That the callback of such a kind took. */
    public void delivered(String kind, int events) {
        Objects.requireNonNull(delivered.get(Kind.of(kind))).increment(events);
    }

    public void undelivered(Failure why, int events) {
        Objects.requireNonNull(undelivered.get(why)).increment(events);
    }

    /** An event that was not taken in time, and is to be kept as a dead letter. */
    public void died(DeadLetters.Kept result) {
        Objects.requireNonNull(dead.get(result)).increment();
    }

    /** A look at the streams that failed. */
    public void storeFailed() {
        storeFailures.increment();
    }
}
