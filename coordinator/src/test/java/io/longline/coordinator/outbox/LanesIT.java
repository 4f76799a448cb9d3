package io.longline.coordinator.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.longline.coordinator.OutboxMetrics;
import io.longline.coordinator.callback.BackEnd;
import io.longline.coordinator.callback.BackEnd.Mood;
import io.longline.coordinator.callback.Gates;
import io.longline.coordinator.callback.Places;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many shards have for one back end, on a real socket. */
@Timeout(60)
class LanesIT {
    private static final int SHARDS = 60;
    private static final int LOST = 13;
    private static final int FAULTY = 77;

    private final BackEnd backEnd = new BackEnd();
    private final Gates gates = new Gates(new OneProduct(), new Places(100));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Delivery delivery =
            new Delivery(new Bodies(), (_, _) -> {}, new OutboxMetrics(new SimpleMeterRegistry()), threads);
    private final Lanes lanes = new Lanes(gates, delivery, threads);
    private final Map<Integer, DeliveryOutcome> outcomes = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        gates.close();
        backEnd.close();
    }

    /** One request at a time. */
    private final class OneProduct implements Products {
        @Override
        public Optional<Product> find(String id) {
            Callback callback = new Callback("uplink.order", backEnd.url(), "secret-of-orders", 1, 10_000);
            return Optional.of(Product.create(id, Durability.REDIS)
                    .with("callbacks", new Callbacks(List.of(callback), List.of("127.0.0.0/8"))));
        }

        @Override
        public List<Product> all() {
            return List.of();
        }
    }

    /** Each has an event of its own; of one shard the lease was lost. */
    private static final class Bodies implements OutboxStore {
        @Override
        public Optional<Held> hold(int shard, String holder, Duration lease, Duration freeFor) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public void release(int shard, long fence) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public Optional<Page> index(Stream stream, long fence, long after, int most) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public Optional<List<Event>> bodies(Stream stream, long fence, List<Ref> refs) {
            if (stream.shard() == LOST) {
                return Optional.empty();
            }
            if (stream.shard() == FAULTY) {
                throw new StackOverflowError("a fault that nobody expects");
            }
            return Optional.of(refs.stream().map(ref -> event(stream, ref)).toList());
        }

        private static Event event(Stream stream, Ref ref) {
            String user = "u" + stream.shard();
            return new Event(stream, ref.seq(), 0, user, "phone", 1, Map.of(), ByteString.EMPTY);
        }

        @Override
        public boolean finish(Stream stream, long fence, List<Ref> refs) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public Optional<Claims> sweep(Stream stream, long fence) {
            throw new UnsupportedOperationException("nothing is read here");
        }
    }

    private void add(int shard, boolean joins) {
        Stream stream = new Stream(shard, "shop", "uplink.order");
        List<Ref> refs = List.of(new Ref(1, "u" + shard + "/phone", 10));
        lanes.add(new Parcel(stream, 1, refs, joins, (outcome, _) -> outcomes.put(shard, outcome)));
    }

    /** All but the first wait meanwhile. */
    private void addAllWhileTheBackEndThinks(boolean join) {
        List<Integer> first = new ArrayList<>();
        backEnd.is(_ -> {
            synchronized (first) {
                first.add(1);
                if (first.size() > 1) {
                    return Mood.WELL;
                }
            }
            await().until(() -> outcomes.containsKey(-1));
            return Mood.WELL;
        });
        add(0, join);
        await().until(() -> !backEnd.requests().isEmpty());
        IntStream.range(1, SHARDS).forEach(shard -> add(shard, join));
        outcomes.put(-1, DeliveryOutcome.DONE);
        await().until(() -> outcomes.size() == SHARDS + 1);
    }

    private void assertEachEnded(Predicate<Integer> otherwise, DeliveryOutcome how) {
        for (int shard = 0; shard < SHARDS; shard++) {
            DeliveryOutcome expected =
                    shard == LOST ? DeliveryOutcome.LEASE_LOST : otherwise.test(shard) ? how : DeliveryOutcome.DONE;
            assertThat(outcomes.get(shard)).as("shard %d", shard).isEqualTo(expected);
        }
    }

    @Test
    void whatShardsHaveForOneCallbackMeanwhileGoesInOneRequest() {
        addAllWhileTheBackEndThinks(true);

        assertEachEnded(_ -> false, DeliveryOutcome.DONE);
        assertThat(backEnd.requests()).hasSize(2);
        assertThat(backEnd.taken()).hasSize(SHARDS - 1);
    }

    @Test
    void whatIsSuspectedGoesAlone() {
        addAllWhileTheBackEndThinks(false);

        assertEachEnded(_ -> false, DeliveryOutcome.DONE);
        assertThat(backEnd.requests()).hasSize(SHARDS - 1);
    }

    @Test
    void oneThatIsRefusedTakesNoOtherWithIt() {
        backEnd.is(request -> request.events().stream()
                        .anyMatch(event -> event.path("user").asText().equals("u42"))
                ? Mood.FORBIDS
                : Mood.WELL);
        IntStream.range(0, SHARDS).forEach(shard -> add(shard, true));

        await().until(() -> outcomes.size() == SHARDS);
        assertEachEnded(shard -> shard == 42, DeliveryOutcome.REFUSED);
        assertThat(backEnd.taken()).hasSize(SHARDS - 2);
    }

    @Test
    void whoIsNotThereHasNoneOfIt() {
        backEnd.goDown();
        IntStream.range(0, 5).forEach(shard -> add(shard, true));

        await().until(() -> outcomes.size() == 5);
        assertThat(outcomes.values()).containsOnly(DeliveryOutcome.FAILED);
        backEnd.comeBack();
    }

    @Test
    void aFaultThatNobodyExpectsLeavesNothingUnderWayForEver() {
        add(FAULTY, true);
        await().until(() -> outcomes.containsKey(FAULTY));
        assertThat(outcomes.get(FAULTY)).isEqualTo(DeliveryOutcome.FAILED);

        add(1, true); // and its place at the gate is free

        await().until(() -> outcomes.containsKey(1));
        assertThat(outcomes.get(1)).isEqualTo(DeliveryOutcome.DONE);
    }
}
