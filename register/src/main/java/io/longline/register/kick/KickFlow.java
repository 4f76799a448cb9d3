package io.longline.register.kick;

import io.longline.keeper.rpc.Deadline;
import io.longline.register.RegisterMetrics;
import io.longline.register.route.LostShardPolicy;

/** Sessions end because a back end wants it. No journal is told: blocks are lost with Redis. */
public final class KickFlow {
    private final KickIndex index;
    private final LostShardPolicy lostShards;
    private final RegisterMetrics metrics;

    public KickFlow(KickIndex index, LostShardPolicy lostShards, RegisterMetrics metrics) {
        this.index = index;
        this.lostShards = lostShards;
        this.metrics = metrics;
    }

    KickOutcome kick(Kick kick, Deadline deadline) {
        KickOutcome outcome = lostShards.ask(() -> index.kick(kick), deadline);
        metrics.kick(outcome);
        return outcome;
    }
}
