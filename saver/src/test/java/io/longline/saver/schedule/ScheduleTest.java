package io.longline.saver.schedule;

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
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.Receipt;
import io.longline.saver.message.MessageId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The order in which the flows ask their store and the journal. */
final class ScheduleTest {
    private final Deadline deadline = Deadline.afterMillis(60_000);
    private final MessageId careful = new MessageId("careful", "m1");
    private final MessageId fast = new MessageId("fast", "m1");
    private final List<String> steps = new ArrayList<>();
    private final Deque<KeepOutcome> kept = new ArrayDeque<>();
    private final Deque<CancelOutcome> cancelled = new ArrayDeque<>();
    private boolean away;
    private final Schedule schedule = new Schedule(
            new Steps(),
            new Notes(),
            new ProductPolicy(new OneFast()),
            new ShardCalls(Duration.ofSeconds(2), shard -> {}, shard -> false, () -> {}),
            new Budgets(kind -> steps.add("refused " + kind)));

    private KeepOutcome keep(MessageId id, KeepOutcome... answers) {
        kept.addAll(List.of(answers));
        return schedule.keep(new Kept(id, ByteString.EMPTY, 5, 6, "u1/", ByteString.EMPTY, Urgency.NORMAL), deadline);
    }

    private CancelOutcome.Kind cancel(MessageId id, CancelOutcome... answers) {
        cancelled.addAll(List.of(answers));
        return schedule.cancel(id, deadline);
    }

    private static CancelOutcome done(boolean now) {
        return new CancelOutcome(CancelOutcome.Kind.DONE, 7, now);
    }

    @Test
    void aMessageIsKeptThenJournaledThenConfirmed() {
        assertThat(keep(careful, KeepOutcome.NEW, KeepOutcome.AGAIN)).isEqualTo(KeepOutcome.NEW);
        assertThat(steps).containsExactly("keep", "journal Scheduled", "keep");
    }

    @Test
    void whatRedisLostBeforeItsCommitIsKeptAgain() {
        assertThat(keep(careful, KeepOutcome.NEW, KeepOutcome.NEW, KeepOutcome.AGAIN))
                .isEqualTo(KeepOutcome.NEW);
        assertThat(steps).containsExactly("keep", "journal Scheduled", "keep", "journal Scheduled", "keep");
    }

    @Test
    void aRepeatedOneIsJournaledToo() {
        assertThat(keep(careful, KeepOutcome.AGAIN, KeepOutcome.AGAIN)).isEqualTo(KeepOutcome.AGAIN);
        assertThat(steps).containsExactly("keep", "journal Scheduled", "keep");
    }

    @Test
    void durabilityRedisWaitsForNothingMore() {
        assertThat(keep(fast, KeepOutcome.NEW)).isEqualTo(KeepOutcome.NEW);
        assertThat(steps).containsExactly("keep", "journal Scheduled");
    }

    @Test
    void whatIsNotKeptIsNotJournaled() {
        assertThat(keep(careful, KeepOutcome.CONFLICT)).isEqualTo(KeepOutcome.CONFLICT);
        assertThat(keep(careful, KeepOutcome.OVER)).isEqualTo(KeepOutcome.OVER);
        assertThat(keep(careful, KeepOutcome.NO_ROOM)).isEqualTo(KeepOutcome.NO_ROOM);
        assertThat(steps).containsExactly("keep", "keep", "keep", "refused SCHEDULE");
    }

    @Test
    void whileMysqlIsAwayItsProductsLeaveNothingInRedis() {
        away = true;

        assertThatThrownBy(() -> keep(careful)).isInstanceOf(LonglineException.class);
        assertThatThrownBy(() -> cancel(careful)).isInstanceOf(LonglineException.class);
        assertThatThrownBy(() -> schedule.finish(careful, 7, List.of(), deadline))
                .isInstanceOf(LonglineException.class);
        assertThat(steps).isEmpty();
        keep(fast, KeepOutcome.NEW);
        assertThat(steps).contains("keep");
    }

    @Test
    void theJournalHearsOfTheEndBeforeRedisForgetsIt() {
        schedule.finish(careful, 7, List.of(), deadline);
        assertThat(steps).containsExactly("journal ScheduleEnd sent 7", "finish 7");
    }

    @Test
    void aRecallIsJournaledThenConfirmed() {
        assertThat(cancel(careful, done(true), done(false))).isEqualTo(CancelOutcome.Kind.DONE);
        assertThat(steps).containsExactly("cancel", "journal ScheduleEnd recalled 7", "cancel");
    }

    @Test
    void aRecallThatRedisLostBeforeItsCommitIsMadeAgain() {
        assertThat(cancel(careful, done(true), done(true), done(false))).isEqualTo(CancelOutcome.Kind.DONE);
        assertThat(steps).hasSize(5);
    }

    @Test
    void aRepeatedRecallIsJournaledToo() {
        assertThat(cancel(careful, done(false), done(false))).isEqualTo(CancelOutcome.Kind.DONE);
        assertThat(steps).contains("journal ScheduleEnd recalled 7");
    }

    @Test
    void whatIsBeingSentIsNotSaidToBeRecalled() {
        CancelOutcome begun = new CancelOutcome(CancelOutcome.Kind.BEGUN, 0, false);
        assertThat(cancel(careful, begun)).isEqualTo(CancelOutcome.Kind.BEGUN);
        assertThat(steps).containsExactly("cancel");
        assertThat(cancel(careful, done(true), begun)).isEqualTo(CancelOutcome.Kind.BEGUN);
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

    private final class Steps implements ScheduleStore {
        private <T> CompletionStage<T> step(String name, T answer) {
            steps.add(name);
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletionStage<KeepOutcome> keep(Kept message, boolean hasRoom) {
            return step("keep", kept.remove());
        }

        @Override
        public CompletionStage<Due> due(int shard, int limit, Duration begun) {
            return step("due", new Due(7, List.of(), 0, false));
        }

        @Override
        public CompletionStage<Boolean> finish(MessageId id, long run, List<Unreached> unreached) {
            return step("finish " + run, true);
        }

        @Override
        public CompletionStage<Boolean> postpone(MessageId id, long run, Duration delay, boolean certain) {
            return step("postpone " + run, true);
        }

        @Override
        public CompletionStage<CancelOutcome> cancel(MessageId id) {
            return step("cancel", cancelled.remove());
        }
    }

    private final class Notes implements Journal {
        @Override
        public Receipt write(Durability durability, List<JournalEntry> entries) {
            requireUp(durability);
            for (JournalEntry entry : entries) {
                steps.add("journal "
                        + switch (entry) {
                            case JournalEntry.Scheduled _ -> "Scheduled";
                            case JournalEntry.ScheduleEnd end ->
                                "ScheduleEnd " + (end.sent() ? "sent " : "recalled ") + end.atMs();
                            default -> entry.toString();
                        });
            }
            return Receipt.DONE;
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
            steps.add("passed " + offset);
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
