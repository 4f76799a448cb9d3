package io.longline.coordinator.group;

import io.longline.coordinator.GroupMetrics;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
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
    /** Whether something was stirred. */
    private static final String UNKNOWN = "unknown";

    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);
    private static final Set<Integer> ALL =
            IntStream.range(0, Shards.COUNT).boxed().collect(Collectors.toUnmodifiableSet());

    private final ShardLook shardLook;
    private final Creation creation;
    private final GroupConfig config;
    private final GroupMetrics metrics;
    private final Map<Group, Remembered> remembered = new ConcurrentHashMap<>();
    private final Turns turns = new Turns();
    private final GroupStore store;
    private final Stirring stirring;
    private final Quiet quiet;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Makes a group. */
    interface Creation {
        void create(Group group, Deadline deadline);
    }

    /** Shards that have something, as it was known until then. */
    private record Remembered(List<ShardLook.Candidate> rest, Deadline until) {}

    PullFlow(GroupStore store, Creation creation, GroupConfig config, GroupMetrics metrics) {
        this.store = store;
        this.stirring = new Stirring(store);
        this.quiet = new Quiet(config.idleLookEvery());
        this.shardLook = new ShardLook(store, config.pullBytes(), metrics);
        this.creation = creation;
        this.config = config;
        this.metrics = metrics;
        metrics.watch(waiting::get, config.waiting());
    }

    /** Tells others from now on what they wait for. */
    void start() {
        stirring.start();
    }

    /** Something has come in. */
    void wake(Stream stream) {
        quiet.wake(stream);
        turns.wake(stream);
        stirring.note(stream);
    }

    /**
     * Some, in the order in which they came; none where there are none until that time.
     *
     * @param deadline for what is asked of the store, later than {@code until}
     */
    List<Pulled> pull(PullWish wish, Deadline until, Deadline deadline) {
        List<Pulled> pulled = until.passed() ? look(wish, ALL, deadline) : lookUnlessQuiet(wish, deadline);
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
            List<Pulled> pulled = shards.equals(ALL) ? lookUnlessQuiet(wish, deadline) : look(wish, shards, deadline);
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

    /** For who can wait. What stirred it while it was looked at makes the next one look. */
    private List<Pulled> lookUnlessQuiet(PullWish wish, Deadline deadline) {
        String stirred = stirred(wish.group(), deadline);
        if (quiet.is(wish.group(), stirred)) {
            return List.of();
        }
        Looked looked = lookAt(wish, ALL, deadline);
        if (looked.pulled.isEmpty() && !stirred.equals(UNKNOWN)) {
            quiet.note(wish.group(), stirred, looked.quietFor);
        }
        return looked.pulled;
    }

    /** It is in another slot than what it tells of: where that is away all is looked at. */
    private String stirred(Group group, Deadline deadline) {
        try {
            return RedisStore.await(store.stirred(group), deadline);
        } catch (LonglineException e) {
            return UNKNOWN;
        }
    }

    /** What is known from the look before is given without another one; it is not known for long, as what is due again comes first. */
    private List<Pulled> look(PullWish wish, Set<Integer> shards, Deadline deadline) {
        return lookAt(wish, shards, deadline).pulled;
    }

    /** @param quietFor where nothing was given: so long there is nothing that was there before the look */
    private record Looked(List<Pulled> pulled, Duration quietFor) {}

    private Looked lookAt(PullWish wish, Set<Integer> shards, Deadline deadline) {
        Remembered before = remembered.remove(wish.group());
        if (before != null && !before.until.passed()) {
            List<Pulled> pulled = take(wish, before.rest, before.until, deadline);
            if (!pulled.isEmpty()) {
                return new Looked(pulled, Duration.ZERO);
            }
        }
        ShardLook.Found found = shardLook.ready(wish.group(), shards, deadline);
        if (found.isMissing()) {
            creation.create(wish.group(), deadline);
            found = shardLook.ready(wish.group(), ALL, deadline);
        }
        List<Pulled> pulled = take(wish, found.candidates(), Deadline.after(config.lookEvery()), deadline);
        boolean nothing = found.candidates().isEmpty() && !found.isMissing();
        return new Looked(pulled, nothing ? Duration.ofMillis(found.nextMs()) : Duration.ZERO);
    }

    private List<Pulled> take(PullWish wish, List<ShardLook.Candidate> candidates, Deadline known, Deadline deadline) {
        ShardLook.Taken taken = shardLook.take(wish, candidates, deadline);
        metrics.pulled(taken.pulled().size());
        if (!taken.pulled().isEmpty()) { // it comes back when the lease is over, wherever somebody waits then
            stirring.note(wish.group().stream(0));
        }
        if (!taken.rest().isEmpty() && !taken.pulled().isEmpty() && remembered.size() < MOST_REMEMBERED) {
            remembered.put(wish.group(), new Remembered(taken.rest(), known));
        }
        return taken.pulled();
    }

    /** Pulls that wait are answered, with nothing. */
    @Override
    public void close() {
        stirring.close();
        turns.close();
    }
}
