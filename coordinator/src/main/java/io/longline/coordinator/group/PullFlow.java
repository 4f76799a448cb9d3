package io.longline.coordinator.group;

import io.longline.coordinator.GroupMetrics;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gives a group uplinks, from shards as {@link ShardLook} finds them. Where there is nothing it waits: for what comes in here it is woken, for
 * what comes in elsewhere it looks now and then.
 */
final class PullFlow implements AutoCloseable {
    private static final int MOST_REMEMBERED = 1_000;
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);
    private static final Set<Integer> ALL =
            IntStream.range(0, Shards.COUNT).boxed().collect(Collectors.toUnmodifiableSet());

    private final ShardLook shardLook;
    private final Creation creation;
    private final GroupConfig config;
    private final GroupMetrics metrics;
    private final Map<Group, Remembered> remembered = new ConcurrentHashMap<>();
    private final Turns turns = new Turns();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Makes a group. */
    interface Creation {
        void create(Group group, Deadline deadline);
    }

    /** Shards that have something, as it was known until then. */
    private record Remembered(List<ShardLook.Candidate> rest, Deadline until) {}

    PullFlow(GroupStore store, Creation creation, GroupConfig config, GroupMetrics metrics) {
        this.shardLook = new ShardLook(store, config.pullBytes(), metrics);
        this.creation = creation;
        this.config = config;
        this.metrics = metrics;
        metrics.watch(waiting::get, config.waiting());
    }

    /** Something has come in. */
    void wake(Stream stream) {
        turns.wake(stream);
    }

    /**
     * Some, in the order in which they came; none where there are none until that time.
     *
     * @param deadline for what is asked of the store, later than {@code until}
     */
    List<Pulled> pull(PullWish wish, Deadline until, Deadline deadline) {
        List<Pulled> pulled = look(wish, ALL, deadline);
        if (!pulled.isEmpty() || until.passed() || turns.isClosed()) {
            return pulled;
        }
        if (waiting.incrementAndGet() > config.waiting()) {
            waiting.decrementAndGet();
            metrics.rejected();
            throw new LonglineException(
                            ErrorCode.OVERLOADED, "as many pulls wait at this coordinator as may: " + config.waiting())
                    .retryAfter(BUSY_RETRY);
        }
        try {
            return await(wish, until, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            waiting.decrementAndGet();
        }
    }

    private List<Pulled> await(PullWish wish, Deadline until, Deadline deadline) throws InterruptedException {
        Turns.Turn turn = turns.enter(wish.group());
        try {
            if (!turn.begin(until)) {
                return List.of();
            }
            try {
                return await(turn, wish, until, deadline);
            } finally {
                turn.end();
            }
        } finally {
            turns.leave(wish.group());
        }
    }

    private List<Pulled> await(Turns.Turn turn, PullWish wish, Deadline until, Deadline deadline)
            throws InterruptedException {
        Set<Integer> shards = ALL;
        Deadline nextLook = Deadline.after(config.lookEvery());
        while (true) {
            List<Pulled> pulled = look(wish, shards, deadline);
            if (!pulled.isEmpty() || until.passed() || turns.isClosed()) {
                return pulled;
            }
            shards = turn.await(Duration.ofNanos(Math.min(nextLook.remainingNanos(), until.remainingNanos())));
            if (nextLook.passed()) {
                shards = ALL;
                nextLook = Deadline.after(config.lookEvery());
            }
        }
    }

    /** What is known from the look before is given without another one; it is not known for long, as what is due again comes first. */
    private List<Pulled> look(PullWish wish, Set<Integer> shards, Deadline deadline) {
        Remembered before = remembered.remove(wish.group());
        if (before != null && !before.until.passed()) {
            List<Pulled> pulled = take(wish, before.rest, before.until, deadline);
            if (!pulled.isEmpty()) {
                return pulled;
            }
        }
        ShardLook.Found found = shardLook.ready(wish.group(), shards, deadline);
        if (found.isMissing()) {
            creation.create(wish.group(), deadline);
            found = shardLook.ready(wish.group(), ALL, deadline);
        }
        return take(wish, found.candidates(), Deadline.after(config.lookEvery()), deadline);
    }

    private List<Pulled> take(PullWish wish, List<ShardLook.Candidate> candidates, Deadline known, Deadline deadline) {
        ShardLook.Taken taken = shardLook.take(wish, candidates, deadline);
        metrics.pulled(taken.pulled().size());
        if (!taken.rest().isEmpty() && !taken.pulled().isEmpty() && remembered.size() < MOST_REMEMBERED) {
            remembered.put(wish.group(), new Remembered(taken.rest(), known));
        }
        return taken.pulled();
    }

    /** Pulls that wait are answered, with nothing. */
    @Override
    public void close() {
        turns.close();
    }
}
