package io.longline.coordinator.group;

import io.longline.coordinator.GroupMetrics;
import io.longline.coordinator.outbox.Event;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What shards have for a group: all are asked, then some of them for a share each, those with the oldest first. From any thread. */
final class ShardLook {
    private static final Logger log = LoggerFactory.getLogger(ShardLook.class);

    private final GroupStore store;
    private final long mostBytes;
    private final GroupMetrics metrics;

    /** @param mostBytes of payload that are taken at a time, about */
    ShardLook(GroupStore store, long mostBytes, GroupMetrics metrics) {
        this.store = store;
        this.mostBytes = mostBytes;
        this.metrics = metrics;
    }

    /** A shard that has something. */
    record Candidate(int shard, int count, GroupStore.Ready first) {}

    /**
     * What some have.
     *
     * @param isMissing that there is no such group in one of them
     * @param nextMs when one may have something that has nothing now; 0: not all have answered
     */
    record Found(List<Candidate> candidates, boolean isMissing, long nextMs) {}

    /**
     * What was given.
     *
     * @param rest shards that have more
     */
    record Taken(List<Pulled> pulled, List<Candidate> rest) {}

    /** Asks them; fails where none answers. */
    Found ready(Group group, Set<Integer> shards, Deadline deadline) {
        Map<Integer, CompletionStage<Optional<GroupStore.Ready>>> asked = RedisStore.within(deadline, () -> {
            Map<Integer, CompletionStage<Optional<GroupStore.Ready>>> stages = new HashMap<>();
            shards.forEach(shard -> stages.put(shard, store.ready(group, shard)));
            return stages;
        });
        List<Candidate> candidates = new ArrayList<>();
        boolean missing = false;
        long nextMs = GroupStore.Ready.NEVER;
        Failures failures = new Failures();
        for (Map.Entry<Integer, CompletionStage<Optional<GroupStore.Ready>>> each : asked.entrySet()) {
            Optional<GroupStore.Ready> ready =
                    failures.orElse(each.getValue(), Optional.of(GroupStore.Ready.NOTHING), deadline);
            missing |= ready.isEmpty();
            nextMs = Math.min(nextMs, ready.orElse(GroupStore.Ready.NOTHING).nextMs());
            ready.filter(some -> some.count() > 0)
                    .ifPresent(some -> candidates.add(new Candidate(each.getKey(), some.count(), some)));
        }
        failures.throwIfAll(shards.size());
        candidates.sort(Comparator.comparingLong(candidate -> candidate.first.firstSeq()));
        return new Found(candidates, missing, failures.isEmpty() ? nextMs : 0);
    }

    /** In rounds: in each some shards are asked for equal shares. */
    Taken take(PullWish wish, List<Candidate> candidates, Deadline deadline) {
        List<Pulled> taken = new ArrayList<>();
        List<Candidate> left = candidates;
        long bytes = 0;
        while (!left.isEmpty() && taken.size() < wish.max() && bytes < mostBytes && !deadline.passed()) {
            List<Candidate> asked = round(left, wish.max() - taken.size(), mostBytes - bytes);
            GroupStore.Portion each = new GroupStore.Portion(
                    (wish.max() - taken.size()) / asked.size(), (mostBytes - bytes) / asked.size());
            List<Candidate> again = new ArrayList<>(left.subList(asked.size(), left.size()));
            for (GroupStore.Given given : give(wish, asked, each, again, deadline)) {
                for (Event uplink : given.uplinks()) {
                    Lease lease = new Lease(uplink.stream().shard(), uplink.seq(), given.tillUs());
                    taken.add(new Pulled(lease, uplink));
                    bytes += uplink.payload().size();
                }
            }
            left = again;
        }
        taken.sort(Comparator.comparingLong(pulled -> pulled.uplink().seq()));
        return new Taken(taken, left);
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
            PullWish wish, List<Candidate> asked, GroupStore.Portion each, List<Candidate> again, Deadline deadline) {
        List<CompletionStage<Optional<GroupStore.Given>>> stages = RedisStore.within(
                deadline,
                () -> asked.stream()
                        .map(candidate -> store.pull(wish.group(), candidate.shard, each, wish.lease()))
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
                again.add(new Candidate(candidate.shard, left, candidate.first)); // as old as it was, about
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

        boolean isEmpty() {
            return errors.isEmpty();
        }

        void throwIfAll(int asked) {
            if (errors.isEmpty()) {
                return;
            }
            LonglineException first = errors.getFirst();
            log.debug("shards did not answer count={} error={}", errors.size(), first.getMessage());
            if (errors.size() == asked) {
                throw first;
            }
        }
    }
}
