package io.longline.register.follow;

import io.longline.keeper.rpc.Deadline;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.Follows;
import io.longline.register.route.LostShardPolicy;
import io.longline.register.route.SaverClient;
import java.util.ArrayList;
import java.util.List;

/** A topic is followed, or no longer. The journal has it before it is so. */
public final class FollowFlow {
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

    Follows follows(Endpoint endpoint, Deadline deadline) {
        return lostShards.ask(() -> index.follows(endpoint), deadline);
    }

    TopicFollowers followers(String product, String topic, int shard, String after, int limit, Deadline deadline) {
        return lostShards.ask(() -> index.followers(product, topic, shard, after, limit), deadline);
    }
}
