package io.longline.register.route;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Place;
import java.time.Duration;

/** A session takes an endpoint and gives it back. A device is journaled before the bind that makes it known changes a route. */
public final class BindFlow {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RouteIndex index;
    private final LostShardPolicy lostShards;
    private final SaverClient journal;
    private final RegisterMetrics metrics;

    public BindFlow(RouteIndex index, LostShardPolicy lostShards, SaverClient journal, RegisterMetrics metrics) {
        this.index = index;
        this.lostShards = lostShards;
        this.journal = journal;
        this.metrics = metrics;
    }

    /**
     * The new generation.
     *
     * @throws LonglineException OVERLOADED if the incarnation is gone: the room must take a new one; DEPENDENCY_DOWN mysql
     *     if the device is new and could not be journaled; DEPENDENCY_DOWN redis
     */
    long bind(Endpoint endpoint, Place place, String network, Deadline deadline) {
        BindOutcome outcome = lostShards.ask(() -> index.bind(endpoint, place, network, 0), deadline);
        // Once is the rule. Again only if the device is forgotten while the journal is told that it is known.
        while (outcome instanceof BindOutcome.NotJournaled(long noted)) {
            deadline.check();
            journal.known(endpoint, noted, deadline);
            outcome = lostShards.ask(() -> index.bind(endpoint, place, network, noted), deadline);
        }
        metrics.bind(outcome);
        if (outcome instanceof BindOutcome.Bound bound) {
            return bound.generation();
        }
        throw new LonglineException(ErrorCode.OVERLOADED, "incarnation is gone: " + place.incarnation())
                .retryAfter(RETRY_AFTER);
    }

    /** Whether the session of this generation was the owner; false: a newer bind has the endpoint, nothing was changed. */
    boolean unbind(Endpoint endpoint, long generation, boolean forget, Deadline deadline) {
        UnbindOutcome outcome = lostShards.ask(() -> index.unbind(endpoint, generation, forget), deadline);
        metrics.unbind(outcome);
        return switch (outcome) {
            case UnbindOutcome.NotOwner() -> false;
            case UnbindOutcome.Unbound() -> true;
            case UnbindOutcome.Forgotten(long forgotten) -> {
                journal.forgotten(endpoint, forgotten, deadline);
                yield true;
            }
        };
    }
}
