package io.longline.register;

import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.FollowedTopic;
import io.longline.register.follow.FollowOutcome;
import io.longline.register.kick.KickOutcome;
import io.longline.register.route.BindOutcome;
import io.longline.register.route.BindOutcome.Replaced;
import io.longline.register.route.Forgetting;
import io.longline.register.route.UnbindOutcome;
import io.longline.register.route.Whereabouts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Every metric of register's own; the README lists them. Thread-safe. */
public final class RegisterMetrics {
    private final Counter bound;
    private final Counter overtaken;
    private final Counter overForgotten;
    private final Counter late;
    private final Counter blocked;
    private final Counter overKicked;
    private final Counter kicked;
    private final Counter kickedSessions;
    private final Counter kicksOfUnknown;
    private final Counter kicksStreamFull;
    private final Counter refused;
    private final Counter secondDevicesIn;
    private final Counter secondDevicesOut;
    private final Counter told;
    private final Counter dropped;
    private final Counter unbound;
    private final Counter forgotten;
    private final Counter notOwner;
    private final Counter online;
    private final Counter offline;
    private final Counter unknown;
    private final Counter followsDone;
    private final Counter followsStale;
    private final Counter followsDenied;
    private final Counter followsTooMany;
    private final Counter followsStreamFull;
    private final Counter lost;
    private final Counter restoredShards;
    private final Counter restoredDevices;
    private final Counter restoredRoutes;
    private final Counter restoredFollows;
    private final Counter roomsLate;
    private final Counter roomsGone;
    private final Counter swept;
    private final Counter unseenFailures;
    private final Timer rebuilds;
    private final AtomicInteger lostShards;

    public RegisterMetrics(MeterRegistry registry) {
        bound = registry.counter("longline.register.binds", "outcome", "bound");
        overtaken = registry.counter("longline.register.binds", "outcome", "overtaken");
        overForgotten = registry.counter("longline.register.binds", "outcome", "forgotten");
        refused = registry.counter("longline.register.binds", "outcome", "incarnation_gone");
        secondDevicesOut = registry.counter("longline.register.binds", "outcome", "second_device");
        secondDevicesIn = registry.counter("longline.register.made.way");
        late = registry.counter("longline.register.binds", "outcome", "late");
        blocked = registry.counter("longline.register.binds", "outcome", "blocked");
        overKicked = registry.counter("longline.register.binds", "outcome", "kicked");
        kicked = registry.counter("longline.register.kicks", "outcome", "kicked");
        kicksOfUnknown = registry.counter("longline.register.kicks", "outcome", "unknown");
        kicksStreamFull = registry.counter("longline.register.kicks", "outcome", "stream_full");
        kickedSessions = registry.counter("longline.register.kicked.sessions");
        told = registry.counter("longline.register.replaced", "event", "told");
        dropped = registry.counter("longline.register.replaced", "event", "dropped");
        unbound = registry.counter("longline.register.unbinds", "outcome", "unbound");
        forgotten = registry.counter("longline.register.unbinds", "outcome", "forgotten");
        notOwner = registry.counter("longline.register.unbinds", "outcome", "not_owner");
        online = registry.counter("longline.register.locates", "outcome", "online");
        offline = registry.counter("longline.register.locates", "outcome", "offline");
        unknown = registry.counter("longline.register.locates", "outcome", "unknown");
        followsDone = registry.counter("longline.register.follows", "outcome", "done");
        followsStale = registry.counter("longline.register.follows", "outcome", "stale");
        followsDenied = registry.counter("longline.register.follows", "outcome", "denied");
        followsTooMany = registry.counter("longline.register.follows", "outcome", "too_many");
        followsStreamFull = registry.counter("longline.register.follows", "outcome", "stream_full");
        lost = registry.counter("longline.register.shard.lost");
        restoredShards = registry.counter("longline.register.restored", "what", "shard");
        restoredDevices = registry.counter("longline.register.restored", "what", "device");
        restoredFollows = registry.counter("longline.register.restored", "what", "follow");
        restoredRoutes = registry.counter("longline.register.restored", "what", "route");
        roomsLate = registry.counter("longline.register.rebuild.rooms.late");
        roomsGone = registry.counter("longline.register.rooms.gone");
        swept = registry.counter("longline.register.routes.swept");
        unseenFailures = registry.counter("longline.register.unseen.failures");
        rebuilds = registry.timer("longline.register.rebuild");
        // Until the first look nothing is known to be whole.
        lostShards = registry.gauge("longline.register.shards.lost", new AtomicInteger(Shards.COUNT));
    }

    public void bind(BindOutcome.Settled outcome) {
        switch (outcome) {
            case BindOutcome.Bound(
                    long _,
                    Replaced replaced,
                    int madeWay,
                    int untold,
                    long _,
                    long _,
                    List<FollowedTopic> _) -> {
                bound.increment();
                told.increment(madeWay - untold);
                dropped.increment(untold);
                secondDevicesIn.increment(madeWay);
                switch (replaced) {
                    case NOBODY -> {}
                    case TOLD -> told.increment();
                    case DROPPED -> dropped.increment();
                }
            }
            case BindOutcome.Overtaken _ -> overtaken.increment();
            case BindOutcome.Forgotten _ -> overForgotten.increment();
            case BindOutcome.Late _ -> late.increment();
            case BindOutcome.Blocked _ -> blocked.increment();
            case BindOutcome.Kicked _ -> overKicked.increment();
            case BindOutcome.Refused _ -> secondDevicesOut.increment();
            case BindOutcome.IncarnationGone() -> refused.increment();
        }
    }

    public void unbind(UnbindOutcome outcome) {
        switch (outcome) {
            case UnbindOutcome.Unbound _ -> unbound.increment();
            case UnbindOutcome.Forgotten _ -> forgotten.increment();
            case UnbindOutcome.NotOwner _ -> notOwner.increment();
        }
    }

    /** Devices of a user that were not seen for long could not be looked at or forgotten now. */
    public void unseenFailed() {
        unseenFailures.increment();
    }

    /** By a back end, or because they were not seen for long. */
    public void forgotten(Forgetting devices) {
        forgotten.increment(devices.known());
    }

    public void locate(Whereabouts whereabouts) {
        switch (whereabouts) {
            case Whereabouts.Online _ -> online.increment();
            case Whereabouts.Offline() -> offline.increment();
            case Whereabouts.Unknown() -> unknown.increment();
        }
    }

    /** A client or a back end wanted a topic to be followed, or no longer. */
    public void follow(FollowOutcome.Settled outcome) {
        switch (outcome) {
            case FollowOutcome.Done _ -> followsDone.increment();
            case FollowOutcome.Stale() -> followsStale.increment();
            case FollowOutcome.Denied() -> followsDenied.increment();
            case FollowOutcome.TooMany _ -> followsTooMany.increment();
            case FollowOutcome.StreamFull() -> followsStreamFull.increment();
        }
    }

    public void kick(KickOutcome outcome) {
        switch (outcome) {
            case KickOutcome.Kicked(int sessions) -> {
                kicked.increment();
                kickedSessions.increment(sessions);
            }
            case KickOutcome.Unknown() -> kicksOfUnknown.increment();
            case KickOutcome.StreamFull() -> kicksStreamFull.increment();
        }
    }

    /** A script met a lost shard. */
    public void shardLost() {
        lost.increment();
    }

    /** So many shards are lost now, as of the last look. */
    public void lostShards(int count) {
        lostShards.set(count);
    }

    public int lostShards() {
        return lostShards.get();
    }

    public void rebuilt(Duration took, int shards) {
        rebuilds.record(took);
        restoredShards.increment(shards);
    }

    public void restoredDevices(int count) {
        restoredDevices.increment(count);
    }

    public void restoredFollows(int count) {
        restoredFollows.increment(count);
    }

    /** {@code eventsDropped} of sessions that were told again that they are replaced. */
    public void restoredRoutes(int count, int eventsDropped) {
        restoredRoutes.increment(count);
        dropped.increment(eventsDropped);
    }

    /** Shards were marked whole although these rooms had not told their sessions. */
    public void roomsLate(int count) {
        roomsLate.increment(count);
    }

    public void roomGone(int routesSwept) {
        roomsGone.increment();
        swept.increment(routesSwept);
    }
}
