package io.longline.room.handshake;

import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Refills;
import io.longline.room.session.Session;
import java.util.Objects;

/** The register gives each bind a generation; from then on hints come. */
final class RouteStep implements HandshakeStep {
    private final RegisterClient register;
    private final Incarnation incarnation;
    private final Refills refills;

    RouteStep(RegisterClient register, Incarnation incarnation, Refills refills) {
        this.register = register;
        this.incarnation = incarnation;
        this.refills = refills;
    }

    @Override
    public void take(BindBatch batch) {
        Rounds.ask(
                batch,
                attempt -> {
                    Session session = Objects.requireNonNull(attempt.session());
                    Place place = incarnation.placeOf(session);
                    attempt.asks(place, refills.count(session.endpoint()));
                    return register.bind(session.endpoint(), place, batch.network(), batch.deadline());
                },
                BindAttempt::bound);
        batch.attempts().stream()
                .map(BindAttempt::refusal)
                .filter(refusal -> refusal != null && refusal.reason().equals(Rounds.INCARNATION_GONE))
                .findFirst()
                .ifPresent(batch::endLink); // nothing can be bound under this incarnation; the room has been told
    }

    /** Whether a register has lost what it answered, and was not told of it because the session was not live yet. On the loop. */
    boolean mayBeLost(BindBatch batch) {
        return batch.toBeBound().stream().anyMatch(attempt -> {
            Session session = Objects.requireNonNull(attempt.session());
            return !session.isEnded() && attempt.refillsWhenAsked() != refills.count(session.endpoint());
        });
    }
}
