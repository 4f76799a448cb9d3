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
import java.time.InstantSource;
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
    private List<Callback> callbacks =
            List.of(new Callback("uplink.order", backEnd.url(), "secret-of-orders", 1, 10_000));
    private final List<Ref> orders = new CopyOnWriteArrayList<>();
    private final ListStore store = new ListStore();
    private final Gates gates = new Gates(new TwoProducts(), new Places(100));
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private OutboxConfig.Retries retries = new OutboxConfig.Retries(Duration.ofMillis(50), Duration.ofMillis(200));
    /** What waits has low seqs, so all of it is as old as it gets. */
    private Duration deadAfter = Duration.ofDays(40_000);

    private final List<Event> buried = new CopyOnWriteArrayList<>();
    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private volatile DeadLetters.Kept grave = DeadLetters.Kept.KEPT;
    private References references = new References(100_000);
    private final Thread thread = Thread.ofVirtual().unstarted(this::read);

    private void read() {
        OutboxMetrics metrics = new OutboxMetrics(new SimpleMeterRegistry());
        OutboxConfig config = new OutboxConfig(
                new OutboxConfig.Limits(10_000, 10_000, 1 << 20),
                Duration.ofSeconds(10),
                Duration.ofMillis(50),
                retries,
                deadAfter);
        Answers answers = (_, answer) -> {
            if (!answer.isEmpty()) {
                throw new IllegalStateException("a fault of ours");
            }
        };
        Delivery delivery = new Delivery(store, answers, metrics, deliveries);
        Lanes lanes = new Lanes(gates, delivery, deliveries);
        Burials burials = new Burials(store, this::keep, deadAfter, InstantSource.system(), metrics, deliveries);
        new ShardReader(
                        SHARD,
                        new ShardReader.Tools(
                                store,
                                gates,
                                delivery,
                                lanes,
                                burials,
                                references,
                                config,
                                (_, _, _) -> {},
                                "me",
                                _ -> true))
                .run();
    }

    private List<DeadLetters.Kept> keep(List<Event> dead, String why) {
        if (grave == DeadLetters.Kept.KEPT) {
            buried.addAll(dead);
            reasons.add(why);
        }
        return dead.stream().map(_ -> grave).toList();
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
            return Optional.of(Product.create(id, Durability.REDIS)
                    .with("callbacks", new Callbacks(callbacks, List.of("127.0.0.0/8"))));
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
        volatile boolean groups;
        final Set<Stream> indexed = ConcurrentHashMap.newKeySet();
        final List<Stream> streams = new CopyOnWriteArrayList<>(List.of(ORDERS));

        @Override
        public Optional<Held> hold(int shard, String holder, Duration lease, Duration freeFor) {
            looks.incrementAndGet();
            return Optional.of(new Held(1, List.copyOf(streams), false));
        }

        @Override
        public void release(int shard, long fence) {
            releases.incrementAndGet();
        }

        @Override
        public Optional<Page> index(Stream stream, long fence, long after, int most) {
            if (most > 1) { // a single one is asked how old it is
                indexed.add(stream);
            }
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
        public Optional<Claims> sweep(Stream stream, long fence) {
            return Optional.of(groups ? Claims.GROUPS : Claims.NONE);
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
    void whatNoReferenceIsLeftForIsReadWhenOthersHaveLeft() {
        references = new References(100);
        wait(500, 1);
        thread.start();
        await().untilAsserted(() -> {
            assertThat(references.size()).isLessThanOrEqualTo(100);
            assertThat(orders).isEmpty();
        });
        await().until(() -> references.size() == 0);
    }

    @Test
    void referencesAreGivenBackWhenTheLeaseIs() throws InterruptedException {
        backEnd.is(Mood.FAILS);
        wait(50, 1);
        thread.start();
        await().until(() -> references.size() == 50);
        thread.interrupt();
        thread.join();
        assertThat(references.size()).isZero();
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

    @Test
    void whatIsRefusedForTooLongIsADeadLetterAndTheNextOfItsEndpointGoesOn() {
        deadAfter = Duration.ofHours(24);
        backEnd.is(request -> request.events().stream()
                        .anyMatch(event -> event.path("uplink_id").asText().equals("i14"))
                ? Mood.FORBIDS
                : Mood.WELL);
        wait(13, 3); // of u0 1, 14 and 27
        thread.start();

        await().until(orders::isEmpty);
        assertThat(buried).extracting(Event::seq).containsExactly(14L);
        assertThat(reasons).containsExactly("status 403");
        assertThat(backEnd.takenOf("u0")).containsExactly("i1", "i27");
    }

    @Test
    void whatIsOverdueWhileNobodyIsAskedIsADeadLetterThoughItWasNotTriedItself() {
        deadAfter = Duration.ofHours(24);
        backEnd.is(Mood.FAILS);
        wait(400, 1);
        thread.start();

        await().until(orders::isEmpty);
        assertThat(buried).extracting(Event::seq).doesNotHaveDuplicates().hasSize(400);
        assertThat(reasons).containsOnly("status 500");
        assertThat(backEnd.requests()).hasSizeLessThan(400);
    }

    @Test
    void whatIsOverdueIsTriedOnWhileItCannotBeKeptAndIsKeptLater() {
        deadAfter = Duration.ofHours(24);
        grave = DeadLetters.Kept.FULL;
        backEnd.is(Mood.FORBIDS);
        wait(1, 2);
        thread.start();
        await().until(() -> backEnd.requests().size() > 5);
        assertThat(orders).hasSize(2);

        grave = DeadLetters.Kept.KEPT;

        await().until(orders::isEmpty);
        assertThat(buried).hasSize(2);
    }

    @Test
    void whatIsOldAndWasNotTriedIsTriedFirst() {
        deadAfter = Duration.ofHours(24);
        wait(10, 10);
        thread.start();

        await().until(orders::isEmpty);
        assertThat(buried).isEmpty();
        assertThat(backEnd.taken()).hasSize(100);
    }

    @Test
    void whatNobodyIsCalledForAnyMoreIsADeadLetterInTheEnd() {
        deadAfter = Duration.ofMillis(500);
        callbacks = List.of();
        wait(30, 5);
        thread.start();

        await().until(orders::isEmpty);
        assertThat(buried).hasSize(150);
        assertThat(reasons).containsOnly("no callback");
        assertThat(backEnd.requests()).isEmpty();
    }

    @Test
    void whatAGroupReadsIsNoDeadLetterHoweverLongItWaits() {
        deadAfter = Duration.ofMillis(500);
        callbacks = List.of();
        store.groups = true;
        wait(3, 5);
        thread.start();
        awaitLooks(20); // each 50 ms apart
        assertThat(orders).hasSize(15);
        assertThat(buried).isEmpty();

        store.groups = false; // it was deleted

        await().until(orders::isEmpty);
        assertThat(buried).hasSize(15);
    }
}
