package io.longline.saver.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.Settled.How;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.Receipt;
import io.longline.saver.topic.PublishOutcome.NoRoom;
import io.longline.saver.topic.PublishOutcome.Published;
import io.longline.saver.topic.TopicStore.Head;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The order in which publishing and positions ask their store and the journal. */
final class TopicLogsTest {
    private final Deadline deadline = Deadline.afterMillis(60_000);
    private final Topic careful = new Topic("careful", "news");
    private final Topic fast = new Topic("fast", "news");
    private final Endpoint phone = new Endpoint("careful", "u1", "phone");
    private final List<String> steps = new ArrayList<>();
    private final Deque<PublishOutcome> outcomes = new ArrayDeque<>();
    private final Deque<Boolean> confirmed = new ArrayDeque<>();
    private final List<Integer> asked = new CopyOnWriteArrayList<>();
    /** What the first questions for the end of a log wait for. */
    private final List<CompletableFuture<Head>> held = new CopyOnWriteArrayList<>();

    private boolean away;
    private long passed;
    private final Steps store = new Steps();
    private final Notes journal = new Notes();
    private final ShardCalls shards = new ShardCalls(Duration.ofSeconds(2), shard -> {}, shard -> false, () -> {});
    private final TopicLogs logs = new TopicLogs(
            store,
            journal,
            new ProductPolicy(new OneFast()),
            shards,
            new Budgets(kind -> steps.add("refused " + kind)));
    private final Positions positions = new Positions(store, journal, shards);

    private PublishOutcome publish(Topic topic, PublishOutcome... answers) {
        outcomes.addAll(List.of(answers));
        return logs.publish(
                new NewMessage(topic, "m1", 0, 1000, ByteString.copyFromUtf8("m"), Urgency.NORMAL), deadline);
    }

    private static Published at(long offset) {
        return new Published(offset, 0, false, 5, 1005);
    }

    @Test
    void aMessageIsPublishedThenJournaledThenConfirmed() {
        confirmed.add(true);
        assertThat(publish(careful, at(7))).isEqualTo(at(7));
        assertThat(steps).containsExactly("publish", "journal 7 5 1005", "confirm 7");
    }

    @Test
    void whatRedisLostBeforeItsCommitIsPublishedAgain() {
        confirmed.addAll(List.of(false, true));
        assertThat(publish(careful, at(7), at(9))).isEqualTo(at(9));
        assertThat(steps)
                .containsExactly(
                        "publish", "journal 7 5 1005", "confirm 7", "publish", "journal 9 5 1005", "confirm 9");
    }

    @Test
    void aRepeatedOneIsJournaledToo() {
        confirmed.add(true);
        publish(careful, new Published(7, 0, true, 5, 1005));
        assertThat(steps).contains("journal 7 5 1005");
    }

    @Test
    void durabilityRedisWaitsForNothingMore() {
        publish(fast, at(7));
        assertThat(steps).containsExactly("publish", "journal 7 5 1005");
    }

    @Test
    void whatFindsNoRoomIsCountedAndNotJournaled() {
        assertThat(publish(careful, new NoRoom())).isEqualTo(new NoRoom());
        assertThat(steps).containsExactly("publish", "refused TOPIC");
    }

    @Test
    void whileMysqlIsAwayItsProductsLeaveNothingInRedis() {
        away = true;
        assertThatThrownBy(() -> publish(careful)).isInstanceOf(LonglineException.class);
        assertThat(steps).isEmpty();
        publish(fast, at(7));
        assertThat(steps).contains("publish");
    }

    private Head position(OptionalLong from, OptionalLong after, OptionalInt last) {
        return positions.position(phone, "news", new Positions.Wish(from, after, last), deadline);
    }

    @Test
    void whatTheClientNamesComesBeforeAllElseButNotBeyondTheEnd() {
        passed = 80;
        assertThat(position(OptionalLong.of(50), OptionalLong.of(30), OptionalInt.empty()))
                .isEqualTo(new Head(100, 30));
        assertThat(position(OptionalLong.empty(), OptionalLong.of(300), OptionalInt.empty()))
                .isEqualTo(new Head(100, 100));
        assertThat(position(OptionalLong.of(50), OptionalLong.empty(), OptionalInt.of(3)))
                .isEqualTo(new Head(100, 97));
    }

    @Test
    void elseItGoesOnWhereItIsOrWhereItBeganToFollow() {
        assertThat(position(OptionalLong.of(50), OptionalLong.empty(), OptionalInt.empty()))
                .isEqualTo(new Head(100, 50));
        passed = 80;
        assertThat(position(OptionalLong.of(50), OptionalLong.empty(), OptionalInt.empty()))
                .isEqualTo(new Head(100, 80));
        assertThat(position(OptionalLong.of(90), OptionalLong.empty(), OptionalInt.empty()))
                .isEqualTo(new Head(100, 90));
        assertThat(position(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty()))
                .as("followed before")
                .isEqualTo(new Head(100, 80));
        passed = 200;
        assertThat(position(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty()))
                .isEqualTo(new Head(100, 100));
    }

    private Head positionInBroadcasts(OptionalLong from, OptionalLong after) {
        return positions.position(phone, "*", new Positions.Wish(from, after, OptionalInt.empty()), deadline);
    }

    @Test
    void ofABroadcastNobodyBeginsBehindWhatEverybodyMayReadButWhoHasIt() {
        held.addAll(List.of(end(100, 200), end(100, 200), end(100, 200), end(100, 200), end(100, 200)));
        assertThat(positionInBroadcasts(OptionalLong.of(150), OptionalLong.empty()))
                .isEqualTo(new Head(100, 100, 200));
        assertThat(positionInBroadcasts(OptionalLong.empty(), OptionalLong.empty()))
                .isEqualTo(new Head(100, 100, 200));
        passed = 150;
        assertThat(positionInBroadcasts(OptionalLong.of(50), OptionalLong.empty()))
                .as("it was within the canary")
                .isEqualTo(new Head(100, 150, 200));
        passed = 300;
        assertThat(positionInBroadcasts(OptionalLong.of(50), OptionalLong.empty()))
                .isEqualTo(new Head(100, 200, 200));
        assertThat(positionInBroadcasts(OptionalLong.of(50), OptionalLong.of(150)))
                .as("its client says so")
                .isEqualTo(new Head(100, 150, 200));
    }

    private static CompletableFuture<Head> end(long readable, long given) {
        return CompletableFuture.completedFuture(new Head(readable, readable, given));
    }

    @Test
    void whatBecomesOfABroadcastIsJournaledAndThenCarriedOutWhateverTheDurability() {
        Broadcasts broadcasts = new Broadcasts(store, journal, shards);
        broadcasts.settle(new Settled(new Topic("fast", "*"), 7, How.OPEN), deadline);
        assertThat(steps).containsExactly("journal OPEN 7", "OPEN 7");
        away = true;
        assertThatThrownBy(() -> broadcasts.settle(new Settled(new Topic("fast", "*"), 7, How.REMOVE), deadline))
                .isInstanceOf(LonglineException.class);
        assertThat(steps).hasSize(2);
    }

    @Test
    void whoNeverWasThereBeginsAtTheEnd() {
        assertThat(position(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty()))
                .isEqualTo(new Head(100, 100));
        assertThat(position(OptionalLong.of(0), OptionalLong.empty(), OptionalInt.empty()))
                .as("it began before the first message")
                .isEqualTo(new Head(100, 0));
        passed = 80;
        assertThat(positions.position(
                        phone.withDevice(""),
                        "news",
                        new Positions.Wish(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty()),
                        deadline))
                .as("nobody")
                .isEqualTo(new Head(100, 100));
    }

    @Test
    void aStormThatWantsTheSameOfATopicAsksOnceMoreWhateverItsSize() throws InterruptedException {
        held.add(new CompletableFuture<>());
        List<Head> answers = new CopyOnWriteArrayList<>();
        List<Thread> storm = new ArrayList<>();
        storm.add(Thread.startVirtualThread(() -> answers.add(newest(3))));
        Awaitility.await().until(() -> asked.size() == 1);
        for (int i = 0; i < 200; i++) {
            storm.add(Thread.startVirtualThread(() -> answers.add(newest(3))));
        }
        Awaitility.await().until(() -> storm.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING));
        assertThat(newest(4)).as("it is another question").isEqualTo(new Head(100, 96));
        held.getFirst().complete(new Head(90, 87));
        for (Thread one : storm) {
            one.join();
        }
        assertThat(asked).containsExactly(3, 4, 3);
        assertThat(answers).hasSize(201).containsOnlyOnce(new Head(90, 87)).contains(new Head(100, 97));
    }

    private Head newest(int last) {
        return position(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(last));
    }

    @Test
    void theJournalHearsOfTheOffsetThatHolds() {
        passed = 80;
        assertThat(positions.pass(phone, "news", 70, deadline)).isEqualTo(80);
        assertThat(steps).containsExactly("pass 70", "journal news 80");
        passed = 0;
        positions.pass(phone, "news", 0, deadline);
        assertThat(steps).as("of nothing it does not").hasSize(3);
    }

    private static final class OneFast implements Products {
        @Override
        public Optional<Product> find(String id) {
            return all().stream().filter(product -> product.id().equals(id)).findFirst();
        }

        @Override
        public List<Product> all() {
            return List.of(Product.create("fast", Durability.REDIS));
        }
    }

    private final class Steps extends NoTopics {
        private <T> CompletionStage<T> step(String name, T answer) {
            steps.add(name);
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletionStage<PublishOutcome> publish(NewMessage message, boolean hasRoom) {
            return step("publish", outcomes.remove());
        }

        @Override
        public CompletionStage<Void> settle(Settled settled) {
            return step(settled.how() + " " + settled.offset(), true).thenAccept(done -> {});
        }

        @Override
        public CompletionStage<Boolean> isPublished(Topic topic, String messageId, long offset) {
            return step("confirm " + offset, confirmed.remove());
        }

        @Override
        public CompletionStage<Head> head(Topic topic, int newest) {
            asked.add(newest);
            return asked.size() > held.size()
                    ? CompletableFuture.completedFuture(new Head(100, 100 - newest))
                    : held.get(asked.size() - 1);
        }

        @Override
        public CompletionStage<Long> passed(Endpoint endpoint, String topic) {
            return CompletableFuture.completedFuture(passed);
        }

        @Override
        public CompletionStage<Long> pass(Endpoint endpoint, String topic, long offset) {
            return step("pass " + offset, passed);
        }
    }

    private final class Notes implements Journal {
        @Override
        public Receipt write(Durability durability, List<JournalEntry> entries) {
            requireUp(durability);
            for (JournalEntry entry : entries) {
                steps.add(entry instanceof Settled settled ? note(settled) : note((TopicRow) entry));
            }
            return Receipt.DONE;
        }

        private static String note(Settled settled) {
            return "journal " + settled.how() + " " + settled.offset();
        }

        private static String note(TopicRow row) {
            return "journal " + row.offset() + " " + row.sentAtMs() + " " + row.expiresAtMs();
        }

        @Override
        public Receipt keep(Durability durability, List<JournalEntry> entries) {
            return write(durability, entries);
        }

        @Override
        public void requireUp(Durability durability) {
            if (away && durability == Durability.MYSQL) {
                throw LonglineException.dependencyDown("mysql", "mysql is away", null);
            }
        }

        @Override
        public void acked(Endpoint endpoint, long seq) {
            steps.add("acked " + seq);
        }

        @Override
        public void passed(Endpoint endpoint, String topic, long offset) {
            steps.add("journal " + topic + " " + offset);
        }

        @Override
        public void requireRoomForAck(Endpoint endpoint) {}

        @Override
        public void hurry() {}

        @Override
        public boolean flush(Deadline until) {
            return true;
        }
    }
}
