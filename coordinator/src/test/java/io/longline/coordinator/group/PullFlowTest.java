package io.longline.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.coordinator.GroupMetrics;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PullFlowTest {
    private static final Group GROUP = new Group("shop", "order", "g");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Deadline NOW = Deadline.after(Duration.ZERO);
    private static final int SIZE = 10;

    private final ListStore store = new ListStore();
    private final PullFlow flow = new PullFlow(
            store,
            (_, _) -> store.missing = false,
            new GroupConfig(10, 10, 20 * SIZE, Duration.ofHours(1), Duration.ofHours(1), 1),
            new GroupMetrics(new SimpleMeterRegistry()));

    /** Shards with uplinks of ten bytes each, by their seqs. */
    private static final class ListStore implements GroupStore {
        final Map<Integer, Deque<Long>> shards = new TreeMap<>();
        final Set<Integer> away = new HashSet<>();
        boolean missing;
        int looks;
        long nextMs = Ready.NEVER;
        String stirred = "";
        boolean stirredIsAway;

        void put(int shard, long... seqs) {
            for (long seq : seqs) {
                shards.computeIfAbsent(shard, _ -> new ArrayDeque<>()).add(seq);
            }
        }

        @Override
        public CompletionStage<Optional<Ready>> ready(Group group, int shard) {
            looks++;
            if (away.contains(shard)) {
                return CompletableFuture.failedFuture(LonglineException.dependencyDown("redis", "away", null));
            }
            if (missing) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            Deque<Long> waiting = shards.getOrDefault(shard, new ArrayDeque<>());
            return CompletableFuture.completedFuture(Optional.of(
                    waiting.isEmpty()
                            ? new Ready(0, 0, 0, nextMs)
                            : new Ready(waiting.size(), waiting.peek(), SIZE, Ready.NEVER)));
        }

        @Override
        public CompletionStage<Optional<Given>> pull(Group group, int shard, Portion most, Duration lease) {
            List<Event> given = new ArrayList<>();
            Deque<Long> waiting = shards.getOrDefault(shard, new ArrayDeque<>());
            while (!waiting.isEmpty()
                    && given.size() < most.uplinks()
                    && (given.isEmpty() || given.size() * (long) SIZE < most.bytes())) {
                Stream stream = group.stream(shard);
                ByteString payload = ByteString.copyFrom(new byte[SIZE]);
                given.add(new Event(stream, waiting.remove(), 0, "u" + shard, "phone", 1, Map.of(), payload));
            }
            return CompletableFuture.completedFuture(Optional.of(new Given(7, 0, given)));
        }

        @Override
        public CompletionStage<String> stir(String product, String type) {
            throw new UnsupportedOperationException("nobody is told here");
        }

        @Override
        public CompletionStage<String> stirred(Group group) {
            return stirredIsAway
                    ? CompletableFuture.failedFuture(LonglineException.dependencyDown("redis", "away", null))
                    : CompletableFuture.completedFuture(stirred);
        }

        @Override
        public CompletionStage<Long> create(Group group, int shard) {
            throw new UnsupportedOperationException("nothing is made here");
        }

        @Override
        public CompletionStage<Boolean> drop(Group group, int shard, boolean hasCallback) {
            throw new UnsupportedOperationException("nothing is forgotten here");
        }

        @Override
        public CompletionStage<List<Boolean>> finish(Group group, List<Lease> leases, boolean hasCallback) {
            throw new UnsupportedOperationException("nothing is finished here");
        }

        @Override
        public CompletionStage<List<Boolean>> requeue(Group group, List<Lease> leases, Duration delay) {
            throw new UnsupportedOperationException("nothing is given back here");
        }

        @Override
        public CompletionStage<Standing> standing(Stream stream) {
            throw new UnsupportedOperationException("nobody asks here");
        }
    }

    private List<Long> pull(int max) {
        return flow.pull(new PullWish(GROUP, max, LEASE), NOW, Deadline.after(Duration.ofSeconds(30))).stream()
                .map(pulled -> pulled.uplink().seq())
                .toList();
    }

    @Test
    void theOldestOfAllShardsComeFirstAndInOrder() {
        store.put(200, 5, 8);
        store.put(3, 6, 7);
        store.put(90, 1);

        assertThat(pull(1)).containsExactly(1L);
        assertThat(pull(9)).containsExactly(5L, 6L, 7L, 8L);
        assertThat(pull(9)).isEmpty();
    }

    @Test
    void oneShardMayFillAnAnswerAndNoneIsLargerThanAllowed() {
        store.put(3, IntStream.range(1, 50).asLongStream().toArray());

        assertThat(pull(15)).hasSize(15);
        assertThat(pull(100)).hasSize(20); // so many bytes go at a time
        assertThat(pull(100)).hasSize(14);
    }

    @Test
    void whatALookHasFoundIsGivenWithoutAnotherOne() {
        store.put(3, 1, 2, 3);
        pull(1);
        pull(1);
        pull(1);

        assertThat(store.looks).isEqualTo(Shards.COUNT);
        assertThat(pull(1)).isEmpty();
        assertThat(store.looks).isEqualTo(2 * Shards.COUNT);
    }

    @Test
    void aGroupThatIsNotThereIsMade() {
        store.missing = true;
        store.put(3, 1);

        assertThat(pull(9)).containsExactly(1L);
    }

    @Test
    void shardsThatAreAwayKeepWhatTheyHaveAndWhereAllAreThatIsAnError() {
        store.put(3, 1);
        store.put(4, 2);
        store.away.add(4);
        assertThat(pull(9)).containsExactly(1L);

        IntStream.range(0, Shards.COUNT).forEach(store.away::add);

        assertThatThrownBy(() -> pull(9))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN));
    }

    /** How many shards were looked at by one that waits a little. */
    private int looksOfAWait() {
        int before = store.looks;
        Deadline soon = Deadline.after(Duration.ofMillis(100));
        flow.pull(new PullWish(GROUP, 9, LEASE), soon, Deadline.after(Duration.ofSeconds(30)));
        return store.looks - before;
    }

    @Test
    void whereNothingIsThereIsNoOtherLookUntilSomethingIsSaidToHaveComeIn() {
        assertThat(looksOfAWait()).isEqualTo(Shards.COUNT);
        assertThat(looksOfAWait()).isZero();
        store.stirred = "elsewhere";
        assertThat(looksOfAWait()).isEqualTo(Shards.COUNT);
        assertThat(looksOfAWait()).isZero();
        flow.wake(GROUP.stream(7));
        assertThat(looksOfAWait()).as("here").isEqualTo(Shards.COUNT);
        store.put(3, 1);
        assertThat(pull(9)).as("who does not wait looks").containsExactly(1L);
    }

    @Test
    void whatIsDueIsLookedFor() {
        store.nextMs = 0;
        assertThat(looksOfAWait()).isEqualTo(2 * Shards.COUNT);
        store.nextMs = 60_000;
        looksOfAWait();
        assertThat(looksOfAWait()).isZero();
    }

    @Test
    void whereNobodyCanSayOrAShardIsAwayItIsLookedAgain() {
        store.stirredIsAway = true;
        looksOfAWait();
        assertThat(looksOfAWait()).isEqualTo(2 * Shards.COUNT);
        store.stirredIsAway = false;
        store.away.add(4);
        looksOfAWait();
        assertThat(looksOfAWait()).isEqualTo(2 * Shards.COUNT);
    }

    @Test
    void aWaitEndsWithItsTime() {
        Deadline soon = Deadline.after(Duration.ofMillis(20));
        PullWish wish = new PullWish(GROUP, 9, LEASE);

        assertThat(flow.pull(wish, soon, Deadline.after(Duration.ofSeconds(30))))
                .isEmpty();
        assertThat(soon.passed()).isTrue();
    }

    @Test
    void whoIsClosedWaitsForNothing() {
        flow.close();
        Deadline never = Deadline.after(Duration.ofHours(1));

        assertThat(flow.pull(new PullWish(GROUP, 9, LEASE), never, never)).isEmpty();
    }
}
