package io.longline.room.handshake;

import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import java.util.Objects;

/** The register gives each bind a generation; from then on hints come. */
final class RouteStep implements HandshakeStep {
    private final RegisterClient register;
    private final Incarnation incarnation;

    RouteStep(RegisterClient register, Incarnation incarnation) {
        this.register = register;
        this.incarnation = incarnation;
    }

    @Override
    public void take(BindBatch batch) {
        Rounds.ask(
                batch,
                attempt -> {
                    Session session = Objects.requireNonNull(attempt.session());
                    Place place = incarnation.placeOf(session);
                    attempt.asks(place);
                    return register.bind(session.endpoint(), place, batch.network(), batch.deadline());
                },
                BindAttempt::bound);
        batch.attempts().stream()
                .map(BindAttempt::refusal)
                .filter(refusal -> refusal != null && refusal.reason().equals(Rounds.INCARNATION_GONE))
                .findFirst()
                .ifPresent(batch::endLink); // nothing can be bound here until the room has noticed
    }
}
