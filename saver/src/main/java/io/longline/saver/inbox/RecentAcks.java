package io.longline.saver.inbox;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.inbox.RedisRecentAcks.Acked;
import io.longline.saver.journal.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Where a saver is gone, has the journal told once more of the acks of late: what that one had taken and not told is in Redis alone, and
 * nobody repeats an ack that was answered.
 */
public final class RecentAcks implements LeasedLoop.Task {
    public static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final int PAGE = 1_000;

    private final RedisRecentAcks store;
    private final Journal journal;
    /** Also at first: this process may be the next start of one that died. */
    private final AtomicBoolean due = new AtomicBoolean(true);

    private Set<Start> members = Set.of();

    public RecentAcks(RedisRecentAcks store, Journal journal) {
        this.store = store;
        this.journal = journal;
    }

    /** One start of one saver. */
    private record Start(String instance, long incarnation) {}

    /** The savers that there are now; to be called by one thread at a time. */
    public void members(List<Node> savers) {
        Set<Start> now = savers.stream()
                .map(saver -> new Start(saver.instance(), saver.incarnation()))
                .collect(Collectors.toUnmodifiableSet());
        if (!now.containsAll(members)) {
            due.set(true);
        }
        members = now;
    }

    @Override
    public boolean due() {
        return due.get();
    }

    @Override
    public void run(Lease lease) {
        due.set(false);
        boolean whole = false;
        try {
            whole = tellAll(lease);
        } finally {
            if (!whole) {
                due.set(true);
            }
        }
    }

    /** Whether all shards were there. */
    private boolean tellAll(Lease lease) {
        boolean whole = true;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            if (!lease.valid()) {
                return false;
            }
            whole &= tell(shard);
        }
        return whole;
    }

    private boolean tell(int shard) {
        List<Acked> page;
        int from = 0;
        do {
            try {
                page = RedisStore.await(store.page(shard, from, PAGE), Deadline.after(STEP));
            } catch (LonglineException e) {
                if (e.code() != ErrorCode.SHARD_LOST) {
                    throw e;
                }
                return false; // being rebuilt, from what the journal knows
            }
            page.stream()
                    .filter(acked -> acked.seq() > 0)
                    .forEach(acked -> journal.acked(acked.endpoint(), acked.seq()));
            from += PAGE;
        } while (page.size() == PAGE);
        return true;
    }
}
