package io.longline.coordinator.uplink;

import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.group.GroupRegistry;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Takes uplinks in, within their product's rate, as far as there is room. Of types that neither a callback nor a group takes yet there is
 * less of it.
 */
public final class UplinkIntake {
    private static final Duration FULL_RETRY = Duration.ofSeconds(2);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final UplinkStore store;
    private final UnclaimedTypes types;
    private final Products products;
    private final Consumer<Stream> kept;
    private final UplinkMetrics metrics;

    private UplinkIntake(UplinkStore store, UnclaimedTypes types, Products products, Wiring wiring) {
        this.store = store;
        this.types = types;
        this.products = products;
        this.kept = wiring.kept;
        this.metrics = wiring.metrics;
    }

    /**
     * What else there is to it.
     *
     * @param limits of what may wait
     * @param kept is told of each that was kept, by its stream
     */
    public record Wiring(
            UplinkConfig config,
            OutboxConfig.Limits limits,
            GroupRegistry registry,
            Consumer<Stream> kept,
            UplinkMetrics metrics) {}

    /** With what it keeps in Redis. */
    public static UplinkIntake onRedis(RedisStore redis, Products products, Wiring wiring) {
        UplinkStore store = new RedisUplinks(redis, wiring.limits, wiring.config);
        UnclaimedTypes types =
                new UnclaimedTypes(wiring.registry, wiring.config.unclaimed().types());
        return new UplinkIntake(store, types, products, wiring);
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
            Optional<LonglineException> no = typeProblem(product, known, uplinks.get(i), deadline);
            if (no.isPresent()) {
                refused.put(i, Answer.of(no.get()));
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

    /** Why nothing of its type is kept. */
    private Optional<LonglineException> typeProblem(
            String product, Optional<Product> known, Uplink uplink, Deadline deadline) {
        if (known.isEmpty()) {
            metrics.refused(UplinkMetrics.Refusal.UNKNOWN_PRODUCT);
            return Optional.of(new LonglineException(ErrorCode.NOT_FOUND, "there is no product " + product));
        }
        try {
            if (hasCallback(known, uplink) || types.admits(product, uplink.type(), deadline)) {
                return Optional.empty();
            }
        } catch (LonglineException e) {
            return Optional.of(e);
        }
        metrics.refused(UplinkMetrics.Refusal.TYPES_FULL);
        return Optional.of(new LonglineException(
                        ErrorCode.QUEUE_FULL,
                        "nobody takes uplinks of type " + uplink.type() + " yet, and product " + product
                                + " has as many such types as may wait")
                .retryAfter(FULL_RETRY));
    }

    private static boolean hasCallback(Optional<Product> known, Uplink uplink) {
        return known.flatMap(product -> product.callbacks().ofKind(Callback.UPLINK + uplink.type()))
                .isPresent();
    }

    private Supplier<Answer> keep(Uplink uplink, Deadline deadline) {
        Optional<Product> product = products.find(uplink.sender().product());
        boolean hasCallback = hasCallback(product, uplink);
        int perMinute = product.map(p -> p.uplinks().sessionPerMinute()).orElse(0);
        CompletionStage<KeepOutcome> outcome =
                RedisStore.within(deadline, () -> store.keep(uplink, hasCallback, perMinute));
        return () -> {
            try {
                return answer(uplink, RedisStore.await(outcome, deadline), perMinute);
            } catch (LonglineException e) {
                return Answer.of(e);
            }
        };
    }

    private Answer answer(Uplink uplink, KeepOutcome outcome, int perMinute) {
        return switch (outcome) {
            case KEPT -> taken(uplink);
            case UNCLAIMED -> {
                metrics.unclaimed();
                yield taken(uplink);
            }
            case REPEATED -> {
                metrics.repeated();
                yield new Answer(true, Optional.empty());
            }
            case OVER_RATE -> {
                metrics.refused(UplinkMetrics.Refusal.ENDPOINT_RATE);
                yield overRate(perMinute);
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

    private Answer taken(Uplink uplink) {
        metrics.kept();
        kept.accept(uplink.stream());
        return new Answer(false, Optional.empty());
    }

    /** One more comes free after each such time. */
    private static Answer overRate(int perMinute) {
        return Answer.of(new LonglineException(
                        ErrorCode.USER_RATE_EXCEEDED, "the endpoint is over " + perMinute + " uplinks a minute")
                .retryAfter(MINUTE.dividedBy(perMinute).plusMillis(1)));
    }

    private static Answer full(String message) {
        return Answer.of(new LonglineException(ErrorCode.QUEUE_FULL, message).retryAfter(FULL_RETRY));
    }
}
