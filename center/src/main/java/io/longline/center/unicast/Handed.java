package io.longline.center.unicast;

import io.longline.center.endpoint.Route;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a hint, and at whom.
 *
 * @param room that took it or refused it; null: none did
 * @param atNanos when it was handed to the room, by the monotonic clock of this process
 */
public record Handed(UnicastOutcome outcome, @Nullable String room, long atNanos) {

    /** To no room. */
    static Handed nowhere(UnicastOutcome outcome) {
        return new Handed(outcome, null, 0);
    }

    static Handed to(Route route, UnicastOutcome outcome, long atNanos) {
        return switch (outcome) {
            case UnicastOutcome.Written(), UnicastOutcome.Waiting() ->
                new Handed(outcome, route.place().room(), atNanos);
            case UnicastOutcome.Refused refused ->
                new Handed(refused, route.place().room(), atNanos);
            default -> nowhere(outcome);
        };
    }

    /** How long ago that was; zero where it was to no room. */
    Duration age() {
        return room == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - atNanos);
    }
}
