package io.longline.saver.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.Receipt;
import io.longline.saver.topic.PublishOutcome.Published;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The order in which a recall asks the store and the journal. */
final class TopicRecallTest {
    private final Deadline deadline = Deadline.afterMillis(60_000);
    private final Topic topic = new Topic("demo", "news");
    private final List<String> steps = new ArrayList<>();
    private final Deque<Published> found = new ArrayDeque<>();
    private final Deque<Boolean> confirmed = new ArrayDeque<>();
    private boolean away;
    private final TopicRecall recall = new TopicRecall(
            new Steps(), new Notes(), new ShardCalls(Duration.ofSeconds(2), shard -> {}, shard -> false, () -> {}));

    private static Published at(long offset) {
        return new Published(offset, 0, true, 5, 1005);
    }

    @Test
    void theJournalHasItFirstAndNeverAMessageOfNothing() {
        found.add(at(7));
        confirmed.add(true);

        assertThat(recall.recall(topic, "m1", deadline)).isEqualTo(at(7));

        assertThat(steps).containsExactly("find m1", "journal REMOVE 7", "journal row 7 m1 0", "REMOVE 7", "confirm 7");
    }

    @Test
    void whereRedisWasLostMeanwhileItIsLookedForOnceMore() {
        found.addAll(List.of(at(7), at(9)));
        confirmed.addAll(List.of(false, true));

        assertThat(recall.recall(topic, "m1", deadline)).isEqualTo(at(9));

        assertThat(steps).containsSubsequence("REMOVE 7", "confirm 7", "find m1", "journal REMOVE 9", "REMOVE 9");
    }

    @Test
    void withoutMysqlNothingLeavesItsLog() {
        found.add(at(7));
        away = true;

        assertThatThrownBy(() -> recall.recall(topic, "m1", deadline))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN));
        assertThat(steps).containsExactly("find m1");
    }

    private final class Steps extends NoTopics {
        private <T> CompletionStage<T> step(String name, T answer) {
            steps.add(name);
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletionStage<Published> recall(Topic where, String messageId) {
            return step("find " + messageId, found.remove());
        }

        @Override
        public CompletionStage<Void> settle(Settled settled) {
            return step(settled.how() + " " + settled.offset(), true).thenAccept(done -> {});
        }

        @Override
        public CompletionStage<Boolean> isPublished(Topic where, String messageId, long offset) {
            return step("confirm " + offset, confirmed.remove());
        }
    }

    private final class Notes implements Journal {
        @Override
        public Receipt write(Durability durability, List<JournalEntry> entries) {
            requireUp(durability);
            for (JournalEntry entry : entries) {
                steps.add("journal " + (entry instanceof Settled settled ? note(settled) : note((TopicRow) entry)));
            }
            return Receipt.DONE;
        }

        private static String note(Settled settled) {
            return settled.how() + " " + settled.offset();
        }

        private static String note(TopicRow row) {
            return "row " + row.offset() + " " + row.messageId() + " "
                    + row.message().size();
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
            throw new UnsupportedOperationException("nothing is acknowledged here");
        }

        @Override
        public void passed(Endpoint endpoint, String name, long offset) {
            throw new UnsupportedOperationException("nobody passes anything here");
        }

        @Override
        public void requireRoomForAck(Endpoint endpoint) {
            throw new UnsupportedOperationException("nothing is acknowledged here");
        }

        @Override
        public void hurry() {
            throw new UnsupportedOperationException("nobody is in a hurry here");
        }

        @Override
        public boolean flush(Deadline until) {
            throw new UnsupportedOperationException("nobody waits for it here");
        }
    }
}
