package io.longline.center.unicast;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Location;
import io.longline.center.endpoint.Route;
import io.longline.center.place.PlaceCache;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Locate and hand over: the steps three and four of a push. Where the session has moved meanwhile, both are done once more, within the
 * same time. All hints of one call go out at the same time. Where register does not know, what is not stored (QoS 0) is tried at the
 * place where the endpoint was seen last.
 */
public final class HandOverFlow {
    private final RegisterClient register;
    private final RoomClient room;
    private final PlaceCache places;
    private final Duration wait;
    private final CenterMetrics metrics;

    /** @param wait for all that register is asked first, and then for all that follows: the message is safe by now, so nobody waits longer */
    public HandOverFlow(
            RegisterClient register, RoomClient room, PlaceCache places, Duration wait, CenterMetrics metrics) {
        this.register = register;
        this.room = room;
        this.places = places;
        this.wait = wait;
        this.metrics = metrics;
    }

    /** Both steps. One outcome a hint, in their order. Never throws for a hint. */
    public List<Handed> handOver(List<Hint> hints, Deadline deadline) {
        return handOver(hints, locate(hints, deadline), deadline);
    }

    /** The first of them: where each hint is to go, in their order. */
    List<Location> locate(List<Hint> hints, Deadline deadline) {
        return locateWithin(hints, deadline.atMost(wait));
    }

    /** The second. */
    List<Handed> handOver(List<Hint> hints, List<Location> locations, Deadline deadline) {
        Deadline rest = deadline.atMost(wait);
        List<Handed> outcomes = new ArrayList<>(toRooms(hints, locations, rest));
        List<Integer> stale = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).outcome() instanceof UnicastOutcome.Stale) {
                stale.add(i);
            }
        }
        if (!stale.isEmpty()) {
            List<Hint> moved = stale.stream().map(hints::get).toList();
            List<Handed> again = toRooms(moved, locateWithin(moved, rest), rest);
            for (int i = 0; i < stale.size(); i++) {
                outcomes.set(stale.get(i), again.get(i));
            }
        }
        return outcomes;
    }

    private List<Location> locateWithin(List<Hint> hints, Deadline deadline) {
        Duration patience = hints.stream().anyMatch(hint -> lastPlace(hint).isPresent())
                ? places.silence().patience(wait)
                : wait;
        List<Location> locations =
                register.locate(hints.stream().map(Hint::endpoint).toList(), deadline.atMost(patience));
        if (!locations.stream().allMatch(Location.Unknown.class::isInstance)) {
            places.silence().answered();
        } else if (!hints.isEmpty()) { // of nothing nobody was asked
            places.silence().unanswered();
        }
        for (int i = 0; i < hints.size(); i++) {
            switch (locations.get(i)) {
                case Location.Online(Route route) -> places.seen(hints.get(i).endpoint(), route);
                case Location.Offline() -> places.offline(hints.get(i).endpoint());
                case Location.Unknown unknown -> {}
            }
        }
        return locations;
    }

    /** Where what is not stored may be tried. */
    private Optional<Route> lastPlace(Hint hint) {
        return hint.isStored() ? Optional.empty() : places.find(hint.endpoint());
    }

    private List<Handed> toRooms(List<Hint> hints, List<Location> locations, Deadline deadline) {
        List<CompletableFuture<Handed>> handed = new ArrayList<>();
        for (int i = 0; i < hints.size(); i++) {
            handed.add(toRoom(hints.get(i), locations.get(i), deadline));
        }
        List<Handed> outcomes = handed.stream().map(CompletableFuture::join).toList();
        outcomes.forEach(one -> metrics.handedOver(one.outcome()));
        return outcomes;
    }

    private CompletableFuture<Handed> toRoom(Hint hint, Location location, Deadline deadline) {
        return switch (location) {
            case Location.Online(Route route) -> {
                long atNanos = System.nanoTime();
                yield room.handOver(hint, route, deadline).thenApply(outcome -> Handed.to(route, outcome, atNanos));
            }
            case Location.Offline() -> CompletableFuture.completedFuture(Handed.nowhere(new UnicastOutcome.Offline()));
            case Location.Unknown unknown ->
                toLastPlace(hint, unknown, deadline).thenApply(Handed::nowhere);
        };
    }

    private CompletableFuture<UnicastOutcome> toLastPlace(Hint hint, Location.Unknown unknown, Deadline deadline) {
        UnicastOutcome unlocated = new UnicastOutcome.Unlocated(unknown.why());
        Optional<Route> last = lastPlace(hint);
        if (last.isEmpty()) {
            return CompletableFuture.completedFuture(unlocated);
        }
        Route tried = last.get();
        return room.handOver(hint, tried, deadline).thenApply(outcome -> {
            metrics.ledByCache(outcome);
            if (outcome instanceof UnicastOutcome.Stale) {
                places.stale(hint.endpoint(), tried);
                return unlocated; // It was there; where it is now nobody says.
            }
            if (outcome instanceof UnicastOutcome.Written) {
                places.seen(hint.endpoint(), tried);
            }
            return outcome;
        });
    }
}
