package io.longline.center.topic;

import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.shard.Seqs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One round over all shards: every room is told how far the topics reach of which a room may not have heard, without the message, which
 * it reads. When all have answered, saver is told so; else the topic comes again with the next round. A room that does not answer is not
 * asked again in this round, and one that has answered is not told the same again.
 *
 * <p>A room that is not known here yet may have followers all the same. They read the log when they began to follow, so they miss nothing
 * but what was sent since; and of what was sent long enough ago ({@code olderThan}) every room of that time is known. So nothing younger
 * counts as told to all.
 *
 * <p>Each step has its time, counted from before the lease was seen to be valid. The lease outlives that, so a process that is stopped
 * within a step and wakes when another one goes round has no time left to do anything.
 */
public final class TopicRound implements LeasedLoop.Task {
    /** Topics that each room is told of at once: few enough to leave sends their share. */
    public static final int AT_ONCE = 100;

    private static final int PAGE = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(1_500);

    private final UntoldClient untold;
    private final TopicClient topics;
    private final ReachClient rooms;
    private final StoreClock clock;
    private final Duration olderThan;
    private final CenterMetrics metrics;
    /** Of what was found the last time. */
    private Map<Name, Progress> known = Map.of();

    /** @param rooms with place for {@link #AT_ONCE} calls to each, which nobody else uses */
    public TopicRound(
            UntoldClient untold,
            TopicClient topics,
            ReachClient rooms,
            StoreClock clock,
            Duration olderThan,
            CenterMetrics metrics) {
        this.untold = untold;
        this.topics = topics;
        this.rooms = rooms;
        this.clock = clock;
        this.olderThan = olderThan;
        this.metrics = metrics;
    }

    private record Name(String product, String topic) {}

    /** How far it has come with a topic. */
    private static final class Progress {
        /** Rooms that have answered for the newest offset. */
        private final Set<Peer> told = new HashSet<>();

        private long newest;
        /** One before it, which was too young when it was found; 0: there is none. */
        private long earlier;

        void found(long offset) {
            if (offset != newest) {
                earlier = earlier == 0 ? newest : earlier;
                newest = offset;
                told.clear();
            }
        }

        /** The last offset of which every room of its time is known here; 0: there is none. */
        long settled(long youngestMs) {
            if (Seqs.ms(newest) <= youngestMs) {
                return newest;
            }
            return earlier != 0 && Seqs.ms(earlier) <= youngestMs ? earlier : 0;
        }
    }

    /** What the rooms were asked of one topic. */
    private record Asked(Untold topic, Progress progress, Map<Peer, CompletableFuture<Optional<Reach>>> answers) {}

    @Override
    public boolean due() {
        return true;
    }

    @Override
    public void run(Lease lease) {
        try {
            metrics.untold(tell(lease));
        } catch (RuntimeException e) {
            metrics.topicRoundFailed();
            throw e;
        }
    }

    /** How many topics it found. */
    private int tell(Lease lease) {
        Deadline deadline = Deadline.after(PATIENCE);
        if (!lease.valid()) {
            return 0;
        }
        List<Untold> found = untold.all(olderThan, PAGE, deadline);
        Map<Name, Progress> progress = new HashMap<>();
        for (Untold one : found) {
            Name name = new Name(one.product(), one.topic());
            Progress so = known.getOrDefault(name, new Progress());
            so.found(one.offset());
            progress.put(name, so);
        }
        known = progress;
        Set<Peer> silent = new HashSet<>();
        for (int from = 0; from < found.size(); from += AT_ONCE) {
            tell(found.subList(from, Math.min(found.size(), from + AT_ONCE)), silent, lease);
        }
        return found.size();
    }

    private void tell(List<Untold> chunk, Set<Peer> silent, Lease lease) {
        Deadline step = Deadline.after(STEP);
        if (!lease.valid()) {
            return;
        }
        long youngestMs = clock.millis(step) - olderThan.toMillis();
        List<Asked> asked = chunk.stream()
                .map(one -> ask(one, silent, step.atMost(PATIENCE)))
                .toList();
        List<CompletableFuture<Boolean>> noted = new ArrayList<>();
        for (Asked one : asked) {
            Map<String, Reach> reached = new HashMap<>();
            one.answers.forEach((room, answer) -> answer.join()
                    .ifPresentOrElse(
                            reach -> {
                                one.progress.told.add(room);
                                reached.put(room.node().instance(), reach);
                            },
                            () -> silent.add(room)));
            noted.addAll(note(one.topic, one.progress, reached, youngestMs, step));
        }
        noted.forEach(CompletableFuture::join);
    }

    private Asked ask(Untold topic, Set<Peer> silent, Deadline deadline) {
        Progress progress = known.getOrDefault(new Name(topic.product(), topic.topic()), new Progress());
        List<Peer> missing = rooms.rooms().stream()
                .filter(room -> !silent.contains(room) && !progress.told.contains(room))
                .toList();
        TopicHint hint = new TopicHint(topic.product(), topic.topic(), topic.offset(), 0, null);
        return new Asked(topic, progress, rooms.tell(missing, hint, deadline));
    }

    /** All rooms means those that are known when they have answered. */
    private List<CompletableFuture<Boolean>> note(
            Untold topic, Progress progress, Map<String, Reach> reached, long youngestMs, Deadline deadline) {
        long settled = progress.told.containsAll(rooms.rooms()) ? progress.settled(youngestMs) : 0;
        List<CompletableFuture<Boolean>> noted = new ArrayList<>();
        if (!reached.isEmpty() || settled == topic.offset()) {
            noted.add(topics.told(
                    topic.product(), topic.topic(), topic.offset(), reached, settled == topic.offset(), deadline));
        }
        if (settled != 0 && settled != topic.offset()) {
            progress.earlier = 0;
            noted.add(topics.told(topic.product(), topic.topic(), settled, Map.of(), true, deadline));
        }
        return noted;
    }
}
