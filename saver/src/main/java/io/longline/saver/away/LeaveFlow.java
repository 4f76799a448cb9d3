package io.longline.saver.away;

import io.longline.keeper.product.Durability;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.away.AwayStore.Waiting;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Row;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Takes the messages of one endpoint out of Redis, bite by bite: read, certainly committed, taken out where nothing has changed
 * since. After each step either Redis or MySQL has all of it.
 */
public final class LeaveFlow {
    private static final int BITE = 500;
    private static final Duration STEP = Duration.ofSeconds(5);

    private final AwayStore store;
    private final MysqlInboxes rows;
    private final Journal journal;

    public LeaveFlow(AwayStore store, MysqlInboxes rows, Journal journal) {
        this.store = store;
        this.rows = rows;
        this.journal = journal;
    }

    /**
     * Answers how many messages left.
     *
     * @param absence nothing leaves where the client has been away for less
     * @throws io.longline.keeper.error.LonglineException SHARD_LOST, DEPENDENCY_DOWN; what has left stays away
     */
    int leave(Endpoint endpoint, Duration absence) {
        int left = 0;
        List<Waiting> head = await(store.head(endpoint, BITE));
        while (!head.isEmpty()) {
            commit(endpoint, head);
            if (!await(store.leave(endpoint, absence, head))) {
                return left;
            }
            left += head.size();
            head = await(store.head(endpoint, BITE));
        }
        return left;
    }

    /** Of durability redis some may not be written yet, or never were; of mysql those whose commit was not waited for. */
    private void commit(Endpoint endpoint, List<Waiting> head) {
        Set<Long> written =
                rows.written(endpoint, head.getFirst().seq(), head.getLast().seq());
        List<JournalEntry> missing = head.stream()
                .filter(message -> !written.contains(message.seq()))
                .<JournalEntry>map(message ->
                        new Row(endpoint, message.seq(), message.messageId(), message.expiresAtMs(), message.message()))
                .toList();
        if (!missing.isEmpty()) {
            journal.write(Durability.MYSQL, missing).await(Deadline.after(STEP));
        }
    }

    private static <T> T await(CompletionStage<T> step) {
        return RedisStore.await(step, Deadline.after(STEP));
    }
}
