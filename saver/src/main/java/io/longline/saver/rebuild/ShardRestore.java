package io.longline.saver.rebuild;

import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.MysqlReader;
import io.longline.saver.journal.MysqlReader.Journaled;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Restores one shard: heirs first, so that what is in the inbox of {@code default} moves on; then watermarks, so that
 * nothing acknowledged comes back; then messages in order of their seq; the mark last.
 */
public final class ShardRestore {
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final Duration IDS_KEPT = Duration.ofHours(24);

    private final RestoreStore store;
    private final MysqlReader journal;
    private final Clock clock;

    public ShardRestore(RestoreStore store, MysqlReader journal, Clock clock) {
        this.store = store;
        this.journal = journal;
        this.clock = clock;
    }

    /** What was done to a shard: nothing was wrong with it, or so many messages wait again. */
    record Restored(boolean wasLost, int messages) {}

    /**
     * Restores the shard if the store has lost it.
     *
     * @param rebuild a name nobody else has
     * @throws io.longline.keeper.error.LonglineException SHARD_LOST when it was lost once more meanwhile; DEPENDENCY_DOWN
     */
    Restored restore(int shard, String rebuild) {
        if (!await(store.begin(shard, rebuild))) {
            return new Restored(false, 0);
        }
        HeirHistory heirs = restoreHeirs(shard, rebuild);
        Map<Endpoint, Long> ackedByDefault = restoreWatermarks(shard, rebuild);
        int messages = restoreMessages(shard, rebuild, heirs, ackedByDefault);
        await(store.finish(shard, rebuild));
        return new Restored(true, messages);
    }

    private HeirHistory restoreHeirs(int shard, String rebuild) {
        HeirHistory heirs = new HeirHistory();
        Steps<Void> steps = new Steps<>(done -> {});
        journal.heirs(shard, heir -> {
            heirs.add(heir);
            steps.add(store.heir(heir, rebuild));
        });
        steps.await();
        return heirs;
    }

    /** Answers the watermarks of {@code default}: what is below was acknowledged there, whoever inherited later. */
    private Map<Endpoint, Long> restoreWatermarks(int shard, String rebuild) {
        Map<Endpoint, Long> ackedByDefault = new HashMap<>();
        Steps<Void> steps = new Steps<>(done -> {});
        journal.watermarks(shard, acked -> {
            if (acked.endpoint().device().equals(Endpoint.DEFAULT_DEVICE)) {
                ackedByDefault.put(acked.endpoint(), acked.seq());
            }
            steps.add(store.watermark(acked.endpoint(), acked.seq(), rebuild));
        });
        steps.await();
        return ackedByDefault;
    }

    private int restoreMessages(int shard, String rebuild, HeirHistory heirs, Map<Endpoint, Long> ackedByDefault) {
        long now = clock.millis();
        long sinceSeq = (now - IDS_KEPT.toMillis()) * 1024; // a seq begins with its time
        int[] waiting = {0};
        Steps<Boolean> steps = new Steps<>(inserted -> waiting[0] += inserted ? 1 : 0);
        journal.messages(shard, sinceSeq, now, message -> {
            Endpoint holder = heirs.holder(message.endpoint(), message.seq());
            steps.add(store.message(holder, message, end(message, ackedByDefault), rebuild));
        });
        steps.await();
        return waiting[0];
    }

    private static Optional<CopyState> end(Journaled message, Map<Endpoint, Long> ackedByDefault) {
        boolean acked = message.seq() <= ackedByDefault.getOrDefault(message.endpoint(), 0L);
        return message.end().or(() -> acked ? Optional.of(CopyState.ACKED) : Optional.empty());
    }

    private static <T> T await(CompletionStage<T> step) {
        return RedisStore.await(step, Deadline.after(STEP));
    }

    /** Steps that are on their way to the store together, a bounded number of them. */
    private static final class Steps<T> {
        private static final int WINDOW = 256;

        private final Consumer<T> each;
        private final List<CompletionStage<T>> running = new ArrayList<>();

        Steps(Consumer<T> each) {
            this.each = each;
        }

        void add(CompletionStage<T> step) {
            running.add(step);
            if (running.size() == WINDOW) {
                await();
            }
        }

        void await() {
            running.forEach(step -> each.accept(ShardRestore.await(step)));
            running.clear();
        }
    }
}
