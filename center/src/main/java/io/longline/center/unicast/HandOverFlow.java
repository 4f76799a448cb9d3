package io.longline.center.unicast;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Location;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Locate and hand over: the steps three and four of a push, which the sweep takes again for hints that may have been lost. Where the
 * session has moved meanwhile, both are done once more. All hints of one call go out at the same time.
 */
public final class HandOverFlow {
    /** For register's answer, and then for the room's: the message is safe by now, so nobody waits longer for either. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final RegisterClient register;
    private final RoomClient room;
    private final CenterMetrics metrics;

    public HandOverFlow(RegisterClient register, RoomClient room, CenterMetrics metrics) {
        this.register = register;
        this.room = room;
        this.metrics = metrics;
    }

    /** One outcome a hint, in their order. Never throws for a hint. */
    public List<UnicastOutcome> handOver(List<Hint> hints, Deadline deadline) {
        List<UnicastOutcome> outcomes = new ArrayList<>(once(hints, deadline));
        List<Integer> stale = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof UnicastOutcome.Stale) {
                stale.add(i);
            }
        }
        if (!stale.isEmpty()) {
            List<UnicastOutcome> again = once(stale.stream().map(hints::get).toList(), deadline);
            for (int i = 0; i < stale.size(); i++) {
                outcomes.set(stale.get(i), again.get(i));
            }
        }
        return outcomes;
    }

    private List<UnicastOutcome> once(List<Hint> hints, Deadline deadline) {
        List<Location> locations =
                register.locate(hints.stream().map(Hint::endpoint).toList(), deadline.atMost(PATIENCE));
        Deadline patience = deadline.atMost(PATIENCE);
        List<CompletableFuture<UnicastOutcome>> handed = new ArrayList<>();
        for (int i = 0; i < hints.size(); i++) {
            handed.add(toRoom(hints.get(i), locations.get(i), patience));
        }
        List<UnicastOutcome> outcomes =
                handed.stream().map(CompletableFuture::join).toList();
        outcomes.forEach(metrics::handedOver);
        return outcomes;
    }

    private CompletableFuture<UnicastOutcome> toRoom(Hint hint, Location location, Deadline deadline) {
        return switch (location) {
            case Location.Online online -> room.handOver(hint, online.route(), deadline);
            case Location.Offline() -> CompletableFuture.completedFuture(new UnicastOutcome.Offline());
            case Location.Unknown() -> CompletableFuture.completedFuture(new UnicastOutcome.Unknown());
        };
    }
}
