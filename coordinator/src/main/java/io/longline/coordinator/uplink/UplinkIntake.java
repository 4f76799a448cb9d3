package io.longline.coordinator.uplink;

import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Takes uplinks in: those that a callback is there for, within their product's rate, as far as there is room. */
public final class UplinkIntake {
    private static final Duration FULL_RETRY = Duration.ofSeconds(2);

    private final UplinkStore store;
    private final Products products;
    private final IntConsumer wake;
    private final UplinkMetrics metrics;

    private UplinkIntake(UplinkStore store, Products products, Wiring wiring) {
        this.store = store;
        this.products = products;
        this.wake = wiring.wake;
        this.metrics = wiring.metrics;
    }

    /**
     * What else there is to it.
     *
     * @param limits of what may wait
     * @param wake is told the shard of each that was kept
     */
    public record Wiring(UplinkConfig config, OutboxConfig.Limits limits, IntConsumer wake, UplinkMetrics metrics) {}

    /** With what it keeps in Redis. */
    public static UplinkIntake onRedis(RedisStore redis, Products products, Wiring wiring) {
        UplinkStore store = new RedisUplinks(redis, wiring.limits, wiring.config.rememberIds());
        return new UplinkIntake(store, products, wiring);
    }

    /** What came of it: whether it was there already, or the error. */
    record Answer(boolean repeated, Optional<LonglineException> error) {
        static Answer of(LonglineException error) {
            return new Answer(false, Optional.of(error));
        }
    }

    /** Waits for the answers, in their order. */
    List<Answer> take(List<Uplink> uplinks, Deadline deadline) {
        Map<String, List<Integer>> byProduct = new HashMap<>();
        for (int i = 0; i < uplinks.size(); i++) {
            byProduct
                    .computeIfAbsent(uplinks.get(i).sender().product(), _ -> new ArrayList<>())
                    .add(i);
        }
        Map<Integer, Answer> refused = new HashMap<>();
        byProduct.forEach((product, at) -> refused.putAll(refused(product, at, uplinks, deadline)));
        List<Supplier<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < uplinks.size(); i++) {
            Answer no = refused.get(i);
            answers.add(no == null ? keep(uplinks.get(i), deadline) : () -> no);
        }
        return answers.stream().map(Supplier::get).toList();
    }

    private Map<Integer, Answer> refused(String product, List<Integer> at, List<Uplink> uplinks, Deadline deadline) {
        Optional<Product> known = products.find(product);
        Map<Integer, Answer> refused = new HashMap<>();
        List<Integer> wanted = new ArrayList<>();
        for (int i : at) {
            String type = uplinks.get(i).type();
            if (known.isEmpty()
                    || known.get().callbacks().ofKind(Callback.UPLINK + type).isEmpty()) {
                metrics.refused(UplinkMetrics.Refusal.NO_CALLBACK);
                refused.put(
                        i,
                        Answer.of(new LonglineException(
                                ErrorCode.NOT_FOUND, "product " + product + " takes no uplinks of type " + type)));
            } else {
                wanted.add(i);
            }
        }
        int ratePerS = known.map(p -> p.uplinks().ratePerS()).orElse(0);
        if (ratePerS == 0 || wanted.isEmpty()) {
            return refused;
        }
        try {
            UplinkStore.Admitted admitted = store.admit(product, wanted.size(), ratePerS, deadline);
            LonglineException over = new LonglineException(
                            ErrorCode.PRODUCT_RATE_EXCEEDED,
                            "product " + product + " is over " + ratePerS + " uplinks/s")
                    .retryAfter(Duration.ofMillis(admitted.nextInMs()));
            for (int i : wanted.subList(admitted.count(), wanted.size())) {
                metrics.refused(UplinkMetrics.Refusal.PRODUCT_RATE);
                refused.put(i, Answer.of(over));
            }
        } catch (LonglineException e) {
            wanted.forEach(i -> refused.put(i, Answer.of(e)));
        }
        return refused;
    }

    private Supplier<Answer> keep(Uplink uplink, Deadline deadline) {
        CompletionStage<KeepOutcome> kept = RedisStore.within(deadline, () -> store.keep(uplink));
        return () -> {
            try {
                return answer(uplink, RedisStore.await(kept, deadline));
            } catch (LonglineException e) {
                return Answer.of(e);
            }
        };
    }

    private Answer answer(Uplink uplink, KeepOutcome outcome) {
        return switch (outcome) {
            case KEPT -> {
                metrics.kept();
                wake.accept(Shards.of(uplink.sender().product(), uplink.sender().user()));
                yield new Answer(false, Optional.empty());
            }
            case REPEATED -> {
                metrics.repeated();
                yield new Answer(true, Optional.empty());
            }
            case ENDPOINT_FULL -> {
                metrics.refused(UplinkMetrics.Refusal.ENDPOINT_FULL);
                yield full("as many uplinks of this endpoint wait for the back end as may");
            }
            case STREAM_FULL -> {
                metrics.refused(UplinkMetrics.Refusal.STREAM_FULL);
                yield full("as many uplinks of this type wait for the back end as may");
            }
        };
    }

    private static Answer full(String message) {
        return Answer.of(new LonglineException(ErrorCode.QUEUE_FULL, message).retryAfter(FULL_RETRY));
    }
}
