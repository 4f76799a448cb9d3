package io.longline.coordinator.group;

import io.longline.coordinator.GroupMetrics;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a group uplinks: it asks all shards what they have, then some of them for a share each, those with the oldest first. Where there is
 * nothing it waits: for what comes in here it is woken, for what comes in elsewhere it looks now and then.
 */
final class PullFlow implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PullFlow.class);
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);
    private static final Set<Integer> ALL =
            IntStream.range(0, Shards.COUNT).boxed().collect(Collectors.toUnmodifiableSet());

    private final GroupStore store;
    private final Creation creation;
    private final GroupConfig config;
    private final GroupMetrics metrics;
    private final Turns turns = new Turns();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Makes a group. */
    interface Creation {
        void create(Group group, Deadline deadline);
    }

    /**
     * What is wanted.
     *
     * @param max uplinks
     * @param lease for how long they are the consumer's
     */
    record Wish(Group group, int max, Duration lease) {}

    PullFlow(GroupStore store, Creation creation, GroupConfig config, GroupMetrics metrics) {
        this.store = store;
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
    List<Pulled> pull(Wish wish, Deadline until, Deadline deadline) {
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

    private List<Pulled> await(Wish wish, Deadline until, Deadline deadline) throws InterruptedException {
        Turns.Turn turn = turns.enter(wish.group);
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
            turns.leave(wish.group);
        }
    }

    private List<Pulled> await(Turns.Turn turn, Wish wish, Deadline until, Deadline deadline)
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

    private List<Pulled> look(Wish wish, Set<Integer> shards, Deadline deadline) {
        Looked first = ready(wish.group, shards, deadline);
        if (!first.missing) {
            return take(wish, first.candidates, deadline);
        }
        creation.create(wish.group, deadline);
        return take(wish, ready(wish.group, ALL, deadline).candidates, deadline);
    }

    /** A shard that has something. */
    private record Candidate(int shard, int count, GroupStore.Ready first) {}

    /** @param missing that there is no such group in one of them */
    private record Looked(List<Candidate> candidates, boolean missing) {}

    private Looked ready(Group group, Set<Integer> shards, Deadline deadline) {
        Map<Integer, CompletionStage<Optional<GroupStore.Ready>>> asked = RedisStore.within(deadline, () -> {
            Map<Integer, CompletionStage<Optional<GroupStore.Ready>>> stages = new HashMap<>();
            shards.forEach(shard -> stages.put(shard, store.ready(group, shard)));
            return stages;
        });
        List<Candidate> candidates = new ArrayList<>();
        boolean missing = false;
        Failures failures = new Failures();
        for (Map.Entry<Integer, CompletionStage<Optional<GroupStore.Ready>>> each : asked.entrySet()) {
            Optional<GroupStore.Ready> ready =
                    failures.orElse(each.getValue(), Optional.of(GroupStore.Ready.NOTHING), deadline);
            missing |= ready.isEmpty();
            ready.filter(some -> some.count() > 0)
                    .ifPresent(some -> candidates.add(new Candidate(each.getKey(), some.count(), some)));
        }
        failures.throwIfAll(shards.size());
        candidates.sort(Comparator.comparingLong(candidate -> candidate.first.firstSeq()));
        return new Looked(candidates, missing);
    }

    /** In rounds: in each some shards are asked for equal shares. */
    private List<Pulled> take(Wish wish, List<Candidate> candidates, Deadline deadline) {
        List<Pulled> taken = new ArrayList<>();
        List<Candidate> left = candidates;
        long bytes = 0;
        while (!left.isEmpty() && taken.size() < wish.max && bytes < config.pullBytes() && !deadline.passed()) {
            List<Candidate> asked = round(left, wish.max - taken.size(), config.pullBytes() - bytes);
            GroupStore.Portion each = new GroupStore.Portion(
                    (wish.max - taken.size()) / asked.size(), (config.pullBytes() - bytes) / asked.size());
            List<Candidate> again = new ArrayList<>(left.subList(asked.size(), left.size()));
            for (GroupStore.Given given : give(wish, asked, each, again, deadline)) {
                for (Event uplink : given.uplinks()) {
                    Lease lease = new Lease(uplink.stream().shard(), uplink.seq(), given.tillMs());
                    taken.add(new Pulled(lease, uplink));
                    bytes += uplink.payload().size();
                }
            }
            left = again;
        }
        metrics.pulled(taken.size());
        taken.sort(Comparator.comparingLong(pulled -> pulled.uplink().seq()));
        return taken;
    }

    /** Those that are asked next: of each at least the first one is wanted. */
    private static List<Candidate> round(List<Candidate> from, int uplinks, long bytes) {
        int count = 0;
        long sum = 0;
        while (count < Math.min(uplinks, from.size()) && (count == 0 || sum < bytes)) {
            sum += from.get(count).first.firstSize();
            count++;
        }
        return from.subList(0, count);
    }

    /** @param again is added those that have more */
    private List<GroupStore.Given> give(
            Wish wish, List<Candidate> asked, GroupStore.Portion each, List<Candidate> again, Deadline deadline) {
        List<CompletionStage<Optional<GroupStore.Given>>> stages = RedisStore.within(
                deadline,
                () -> asked.stream()
                        .map(candidate -> store.pull(wish.group, candidate.shard, each, wish.lease))
                        .toList());
        List<GroupStore.Given> all = new ArrayList<>();
        Failures failures = new Failures();
        for (int i = 0; i < stages.size(); i++) {
            GroupStore.Given given =
                    failures.orElse(stages.get(i), Optional.empty(), deadline).orElseGet(GroupStore.Given::nothing);
            all.add(given);
            metrics.expired(given.expired());
            Candidate candidate = asked.get(i);
            int left = candidate.count - given.uplinks().size();
            if (left > 0 && !given.uplinks().isEmpty()) {
                again.add(new Candidate(candidate.shard, left, candidate.first));
            }
        }
        return all;
    }

    /** Shards that did not answer keep what they have; the others are not to wait for them. */
    private static final class Failures {
        private final List<LonglineException> errors = new ArrayList<>();

        <T> T orElse(CompletionStage<T> stage, T otherwise, Deadline deadline) {
            try {
                return RedisStore.await(stage, deadline);
            } catch (LonglineException e) {
                errors.add(e);
                return otherwise;
            }
        }

        void throwIfAll(int asked) {
            if (!errors.isEmpty()) {
                log.debug(
                        "shards did not answer count={} error={}",
                        errors.size(),
                        errors.getFirst().getMessage());
            }
            if (errors.size() == asked) {
                throw errors.getFirst();
            }
        }
    }

    /** Pulls that wait are answered, with nothing. */
    @Override
    public void close() {
        turns.close();
    }
}
