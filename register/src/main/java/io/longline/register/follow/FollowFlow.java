package io.longline.register.follow;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.Follows;
import io.longline.register.route.LeftNotes;
import io.longline.register.route.LostShardPolicy;
import io.longline.register.route.SaverClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A topic is followed, or no longer. The journal has it before it is so. */
public final class FollowFlow implements LeftNotes {
    private static final Logger log = LoggerFactory.getLogger(FollowFlow.class);
    /** So long a session waits until the journal has what it is told. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration PAUSE = Duration.ofMillis(25);

    private final FollowIndex index;
    private final LostShardPolicy lostShards;
    private final SaverClient journal;
    private final RegisterMetrics metrics;

    public FollowFlow(FollowIndex index, LostShardPolicy lostShards, SaverClient journal, RegisterMetrics metrics) {
        this.index = index;
        this.lostShards = lostShards;
        this.journal = journal;
        this.metrics = metrics;
    }

    /**
     * @throws io.longline.keeper.error.LonglineException DEPENDENCY_DOWN mysql if it could not be journaled, and so is not; DEPENDENCY_DOWN
     *     redis
     */
    FollowOutcome.Settled follow(Wish wish, Deadline deadline) {
        FollowOutcome outcome = lostShards.ask(() -> index.follow(wish), deadline);
        // Once is the rule. Again only if somebody wants another thing while the journal is told.
        while (outcome instanceof FollowOutcome.NotJournaled told) {
            deadline.check();
            journal.follows(notes(wish, told), deadline);
            outcome = lostShards.ask(() -> index.follow(wish, told), deadline);
        }
        FollowOutcome.Settled settled = (FollowOutcome.Settled) outcome;
        metrics.follow(settled);
        return settled;
    }

    private static List<FollowNote> notes(Wish wish, FollowOutcome.NotJournaled told) {
        List<FollowNote> notes = new ArrayList<>();
        for (String device : told.devices()) {
            notes.add(wish.note(device, wish.from(), told.version(), false));
        }
        notes.add(wish.note(wish.endpoint().device(), told.from(), told.version(), told.againstUser()));
        return notes;
    }

    /** What it follows, which the journal has then, too, if it can be told now. */
    Follows follows(Endpoint endpoint, Deadline deadline) {
        FollowsOutcome outcome = lostShards.ask(() -> index.follows(endpoint, false), deadline);
        while (outcome instanceof FollowsOutcome.Left()) {
            deadline.check();
            boolean leaves = !settle(endpoint, deadline);
            outcome = lostShards.ask(() -> index.follows(endpoint, leaves), deadline);
        }
        return ((FollowsOutcome.Known) outcome).follows();
    }

    @Override
    public boolean settle(Endpoint endpoint, Deadline deadline) {
        Deadline patient = deadline.atMost(PATIENCE);
        List<FollowNote> told = List.of();
        while (true) {
            List<FollowNote> before = told;
            Settling settling = lostShards.ask(() -> index.settle(endpoint, before), deadline);
            switch (settling) {
                case Settling.Settled() -> {
                    return true;
                }
                case Settling.NotJournaled(List<FollowNote> notes) -> {
                    if (patient.passed() || !isJournaled(notes, patient)) {
                        return false;
                    }
                    told = notes;
                }
                case Settling.Overtaken() -> {
                    if (patient.passed()) {
                        return false;
                    }
                    LostShardPolicy.pause(PAUSE);
                }
            }
        }
    }

    private boolean isJournaled(List<FollowNote> notes, Deadline patient) {
        try {
            journal.follows(notes, patient);
            return true;
        } catch (LonglineException e) {
            log.debug("left on its way to the journal notes={} error={}", notes, e.getMessage());
            return false;
        }
    }

    TopicFollowers followers(String product, String topic, int shard, String after, int limit, Deadline deadline) {
        return lostShards.ask(() -> index.followers(product, topic, shard, after, limit), deadline);
    }
}
