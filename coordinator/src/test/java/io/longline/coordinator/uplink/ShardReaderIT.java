package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.callback.BackEnd;
import io.longline.coordinator.callback.BackEnd.Mood;
import io.longline.coordinator.callback.Gates;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.rpc.Deadline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
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
    private static final Stream ORDERS = new Stream(SHARD, "shop", "order");
    private static final Stream BROKEN = new Stream(SHARD, "broken", "order");

    private final BackEnd backEnd = new BackEnd();
    private final List<Ref> orders = new CopyOnWriteArrayList<>();
    private final ListStore store = new ListStore();
    private final Gates gates = new Gates(new TwoProducts());
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private UplinkConfig.Retries retries = new UplinkConfig.Retries(Duration.ofMillis(50), Duration.ofMillis(200));
    private final Thread thread = Thread.ofVirtual().unstarted(this::read);

    private void read() {
        UplinkMetrics metrics = new UplinkMetrics(new SimpleMeterRegistry());
        UplinkConfig config = new UplinkConfig(
                new UplinkConfig.Limits(10_000, 10_000, 1 << 20, Duration.ofDays(1)),
                Duration.ofSeconds(10),
                Duration.ofMillis(50),
                retries);
        @SuppressWarnings("NullAway") // where a reply is to be stored, that is a fault of ours
        UplinkReplies replies = new UplinkReplies(null, new TwoProducts(), metrics);
        Delivery delivery = new Delivery(store, replies, metrics);
        new ShardReader(SHARD, new ShardReader.Tools(store, gates, delivery, config, "me", _ -> true, deliveries))
                .run();
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
            Callback callback = new Callback("uplink.order", backEnd.url(), UplinkWorld.SECRET, 1, 10_000);
            return Optional.of(Product.create(id, Durability.REDIS)
                    .with("callbacks", new Callbacks(List.of(callback), List.of("127.0.0.0/8"))));
        }

        @Override
        public List<Product> all() {
            return List.of();
        }
    }

    private final class ListStore implements UplinkStore {
        final AtomicInteger looks = new AtomicInteger();
        final AtomicInteger releases = new AtomicInteger();
        final AtomicInteger reads = new AtomicInteger();
        final Set<Stream> indexed = ConcurrentHashMap.newKeySet();
        final List<Stream> streams = new CopyOnWriteArrayList<>(List.of(ORDERS));

        @Override
        public CompletionStage<KeepOutcome> keep(Uplink uplink) {
            throw new UnsupportedOperationException("not read");
        }

        @Override
        public Admitted admit(String product, int wanted, int ratePerS, Deadline deadline) {
            throw new UnsupportedOperationException("not read");
        }

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
        public Optional<List<Ref>> index(Stream stream, long fence, long after, int most) {
            indexed.add(stream);
            return Optional.of(orders.stream()
                    .filter(ref -> stream.equals(ORDERS) && ref.seq() > after)
                    .limit(most)
                    .toList());
        }

        @Override
        public Optional<List<Kept>> bodies(Stream stream, long fence, List<Ref> refs) {
            reads.incrementAndGet();
            return Optional.of(refs.stream().map(ShardReaderIT::kept).toList());
        }

        @Override
        public boolean finish(Stream stream, long fence, List<Ref> refs) {
            orders.removeAll(refs);
            return true;
        }
    }

    private static Kept kept(Ref ref) {
        Uplink.Place place = new Uplink.Place("room-1", 7, 1, 2, 3);
        String user = ref.endpoint().substring(0, ref.endpoint().indexOf('/'));
        Uplink.Sender sender = new Uplink.Sender("shop", user, "phone", 1, place);
        return new Kept(ref.seq(), 0, new Uplink(sender, "order", "i" + ref.seq(), true, ByteString.EMPTY));
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
        store.streams.add(0, new Stream(SHARD, "shop", "parade"));
        thread.start();
        awaitLooks(3);

        assertThat(store.indexed).containsExactly(ORDERS);
    }

    @Test
    void oneThatIsRefusedHoldsUpNobodyElse() {
        retries = new UplinkConfig.Retries(Duration.ofHours(1), Duration.ofHours(1));
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
        retries = new UplinkConfig.Retries(Duration.ofHours(1), Duration.ofHours(1));
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
    void whatWasTakenIsNotSentAgainWhateverBecomesOfTheReplies() {
        backEnd.answers(events ->
                "{\"reply\":[{\"id\":\"" + events.getFirst().path("id").asText() + "\",\"payload\":\"yes\"}]}");
        wait(1, 1);
        thread.start();

        await().until(orders::isEmpty);
        awaitLooks(10);
        assertThat(backEnd.taken()).hasSize(1);
    }
}
