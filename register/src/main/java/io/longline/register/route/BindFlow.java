package io.longline.register.route;

import io.longline.keeper.rpc.Deadline;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.Place;
import java.util.List;

/** A session takes an endpoint and gives it back. A device is journaled before the bind that makes it known changes a route. */
public final class BindFlow {
    private final RouteIndex index;
    private final LostShardPolicy lostShards;
    private final SaverClient journal;
    private final LeftNotes left;
    private final RegisterMetrics metrics;

    public BindFlow(
            RouteIndex index,
            LostShardPolicy lostShards,
            SaverClient journal,
            LeftNotes left,
            RegisterMetrics metrics) {
        this.index = index;
        this.lostShards = lostShards;
        this.journal = journal;
        this.left = left;
        this.metrics = metrics;
    }

    /**
     * Binds, having told the journal where the device is new, or something of what it follows was left on its way there.
     *
     * @throws io.longline.keeper.error.LonglineException DEPENDENCY_DOWN mysql if the device is new and could not be
     *     journaled; DEPENDENCY_DOWN redis
     */
    BindOutcome.Settled bind(Binding binding, Deadline deadline) {
        BindOutcome.Settled settled = settled(binding, deadline);
        metrics.bind(settled);
        return settled;
    }

    private BindOutcome.Settled settled(Binding binding, Deadline deadline) {
        long noted = 0;
        boolean leaves = false;
        // At once is the rule. Again only if the device is forgotten, or what it follows changes, while the journal is
        // told.
        while (true) {
            switch (bind(binding, noted, leaves, deadline)) {
                case BindOutcome.Settled settled -> {
                    return settled;
                }
                case BindOutcome.NotJournaled(long generation, List<String> unfollowed) -> {
                    deadline.check();
                    journal.follows(ended(binding.endpoint(), unfollowed, generation), deadline);
                    journal.known(binding.endpoint(), generation, deadline);
                    noted = generation;
                }
                case BindOutcome.Left() -> {
                    deadline.check();
                    leaves = !left.settle(binding.endpoint(), deadline);
                }
            }
        }
    }

    private BindOutcome bind(Binding binding, long noted, boolean leaves, Deadline deadline) {
        return lostShards.ask(() -> index.bind(binding, noted, leaves), deadline);
    }

    /** A session gives its endpoint back; where its device is forgotten too, the journal is told before this returns. */
    UnbindOutcome unbind(Endpoint endpoint, long generation, boolean forget, UnbindReason why, Deadline deadline) {
        UnbindOutcome outcome = lostShards.ask(() -> index.unbind(endpoint, generation, forget, why), deadline);
        metrics.unbind(outcome);
        if (outcome instanceof UnbindOutcome.Forgotten forgotten) {
            journal.forgotten(endpoint, forgotten.generation(), deadline);
            unfollow(endpoint, forgotten, deadline);
        }
        return outcome;
    }

    /** A route goes whose room does not have the session. */
    UnbindOutcome unbindAt(Endpoint endpoint, Place place, long generation, Deadline deadline) {
        UnbindOutcome outcome = lostShards.ask(() -> index.unbindAt(endpoint, place, generation), deadline);
        metrics.unbind(outcome);
        return outcome;
    }

    private void unfollow(Endpoint endpoint, UnbindOutcome.Forgotten forgotten, Deadline deadline) {
        if (forgotten.topics().isEmpty()) {
            return;
        }
        long generation = forgotten.generation();
        journal.follows(ended(endpoint, forgotten.topics(), generation), deadline);
        lostShards.ask(() -> index.forgotten(endpoint.product(), endpoint.user(), generation, List.of()), deadline);
    }

    private static List<FollowNote> ended(Endpoint endpoint, List<String> topics, long version) {
        return topics.stream()
                .map(topic -> FollowNote.ended(endpoint, topic, version))
                .toList();
    }
}
