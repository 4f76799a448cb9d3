package io.longline.coordinator.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.longline.coordinator.OutboxMetrics;
import io.longline.coordinator.callback.BackEnd;
import io.longline.coordinator.callback.BackEnd.Mood;
import io.longline.coordinator.callback.Gates;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One reader, with a store that counts what is asked of it, and a back end on a real socket. */
@Timeout(60)
class ShardReaderIT {
    private static final int SHARD = 7;
    private static final Stream ORDERS = new Stream(SHARD, "shop", "uplink.order");
    private static final Stream BROKEN = new Stream(SHARD, "broken", "uplink.order");

    private final BackEnd backEnd = new BackEnd();
    private final List<Ref> orders = new CopyOnWriteArrayList<>();
    private final ListStore store = new ListStore();
    private final Gates gates = new Gates(new TwoProducts());
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private OutboxConfig.Retries retries = new OutboxConfig.Retries(Duration.ofMillis(50), Duration.ofMillis(200));
    private final Thread thread = Thread.ofVirtual().unstarted(this::read);

    private void read() {
        OutboxMetrics metrics = new OutboxMetrics(new SimpleMeterRegistry());
        OutboxConfig config = new OutboxConfig(
                new OutboxConfig.Limits(10_000, 10_000, 1 << 20),
                Duration.ofSeconds(10),
                Duration.ofMillis(50),
                retries);
        Answers answers = (_, answer) -> {
            if (!answer.isEmpty()) {
                throw new IllegalStateException("a fault of ours");
            }
        };
        Delivery delivery = new Delivery(store, answers, metrics, deliveries);
        Lanes lanes = new Lanes(gates, delivery, deliveries);
        new ShardReader(SHARD, new ShardReader.Tools(store, gates, delivery, lanes, config, "me", _ -> true)).run();
    }

    @AfterEach
    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
        deliveries.shutdownNow();
        gates.close();
        backEnd.close();
    }

    /** Nothing can be known of the second. */
    private final class TwoProducts implements Products {
        @Override
        public Optional<Product> find(String id) {
            if (id.equals(BROKEN.product())) {
                throw new IllegalStateException("a fault of ours");
            }
            Callback callback = new Callback("uplink.order", backEnd.url(), "secret-of-orders", 1, 10_000);
            return Optional.of(Product.create(id, Durability.REDIS)
                    .with("callbacks", new Callbacks(List.of(callback), List.of("127.0.0.0/8"))));
        }

        @Override
        public List<Product> all() {
            return List.of();
        }
    }

    private final class ListStore implements OutboxStore {
        final AtomicInteger looks = new AtomicInteger();
        final AtomicInteger releases = new AtomicInteger();
        final AtomicInteger reads = new AtomicInteger();
        final Set<Stream> indexed = ConcurrentHashMap.newKeySet();
        final List<Stream> streams = new CopyOnWriteArrayList<>(List.of(ORDERS));

        @Override
        public Optional<Held> hold(int shard, String holder, Duration lease, Duration freeFor) {
            looks.incrementAndGet();
            return Optional.of(new Held(1, List.copyOf(streams)));
        }

        @Override
        public void release(int shard, long fence) {
            releases.incrementAndGet();
        }

        @Override
        public Optional<Page> index(Stream stream, long fence, long after, int most) {
            indexed.add(stream);
            List<Ref> refs = orders.stream()
                    .filter(ref -> stream.equals(ORDERS) && ref.seq() > after)
                    .limit(most)
                    .toList();
            long lastSeq = refs.isEmpty() ? after : refs.getLast().seq();
            return Optional.of(new Page(refs, lastSeq, refs.size() == most));
        }

        @Override
        public Optional<List<Event>> bodies(Stream stream, long fence, List<Ref> refs) {
            reads.incrementAndGet();
            return Optional.of(refs.stream().map(ShardReaderIT::event).toList());
        }

        @Override
        public boolean finish(Stream stream, long fence, List<Ref> refs) {
            orders.removeAll(refs);
            return true;
        }

        @Override
        public boolean sweep(Stream stream, long fence) {
            return true;
        }
    }

    private static Event event(Ref ref) {
        String user = ref.endpoint().substring(0, ref.endpoint().indexOf('/'));
        Map<String, String> says = Map.of(EventFields.UPLINK_ID, "i" + ref.seq());
        return new Event(ORDERS, ref.seq(), 0, user, "phone", 1, says, ByteString.EMPTY);
    }

    private void wait(int users, int each) {
        List<Ref> refs = new ArrayList<>();
        for (int i = 0; i < users * each; i++) {
            refs.add(new Ref(i + 1, "u" + i % users + "/phone", 10));
        }
        orders.addAll(refs);
    }

    private void awaitLooks(int more) {
        int before = store.looks.get();
        await().until(() -> store.looks.get() >= before + more);
    }

    @Test
    void whatACallbackIsSparedIsNotReadFromTheStore() {
        backEnd.is(Mood.FAILS);
        wait(4_000, 1);
        thread.start();
        await().until(() -> backEnd.requests().size() >= 10);
        awaitLooks(40);

        // One may be under way.
        assertThat(store.reads.get())
                .isBetween(backEnd.requests().size(), backEnd.requests().size() + 1);
    }

    @Test
    void aFaultOfOursInOneStreamStopsNoOther() {
        store.streams.add(0, BROKEN);
        thread.start();
        awaitLooks(3);
        wait(3, 250);

        await().until(orders::isEmpty);
        for (int user = 0; user < 3; user++) {
            int first = user;
            assertThat(backEnd.takenOf("u" + user))
                    .isEqualTo(IntStream.range(0, 250)
                            .mapToObj(i -> "i" + (i * 3 + first + 1))
                            .toList());
        }
    }

    @Test
    void whatNobodyIsCalledForIsNotKnownHere() {
        store.streams.add(0, new Stream(SHARD, "shop", "uplink.parade"));
        thread.start();
        awaitLooks(3);

        assertThat(store.indexed).containsExactly(ORDERS);
    }

    @Test
    void oneThatIsRefusedHoldsUpNobodyElse() {
        retries = new OutboxConfig.Retries(Duration.ofHours(1), Duration.ofHours(1));
        backEnd.is(request -> request.events().stream()
                        .anyMatch(event -> event.path("user").asText().equals("u13"))
                ? Mood.FORBIDS
                : Mood.WELL);
        wait(250, 1);
        thread.start();

        await().until(() -> orders.size() == 1);
        assertThat(orders.getFirst().endpoint()).isEqualTo("u13/phone");
    }

    @Test
    void whoIsBusyIsLeftAloneWithAllOfIt() {
        retries = new OutboxConfig.Retries(Duration.ofHours(1), Duration.ofHours(1));
        backEnd.is(Mood.IS_BUSY);
        wait(100, 1);
        thread.start();
        await().until(() -> !backEnd.requests().isEmpty());
        awaitLooks(10);

        assertThat(backEnd.requests()).hasSize(1);
    }

    @Test
    void whoClosesGivesTheLeaseBackUnlessSomethingIsUnderWay() throws InterruptedException {
        Thread idle = Thread.ofVirtual().start(this::read);
        awaitLooks(1);
        idle.interrupt();
        idle.join();
        assertThat(store.releases).hasValue(1);

        backEnd.is(Mood.HANGS); // for longer than is waited
        wait(1, 1);
        thread.start();
        await().until(() -> !backEnd.requests().isEmpty());
        thread.interrupt();
        thread.join();
        assertThat(store.releases).hasValue(1);
    }

    @Test
    void whatWasTakenIsNotSentAgainWhateverBecomesOfTheAnswer() {
        backEnd.answers(events ->
                "{\"reply\":[{\"id\":\"" + events.getFirst().path("id").asText() + "\",\"payload\":\"yes\"}]}");
        wait(1, 1);
        thread.start();

        await().until(orders::isEmpty);
        awaitLooks(10);
        assertThat(backEnd.taken()).hasSize(1);
    }
}
