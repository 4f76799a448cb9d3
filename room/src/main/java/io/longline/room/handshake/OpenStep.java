package io.longline.room.handshake;

import io.longline.room.delivery.Inboxes;

/** The saver takes the seq that the client named as an ack, and reads the head of the inbox. */
final class OpenStep implements HandshakeStep {
    private final Inboxes inboxes;

    OpenStep(Inboxes inboxes) {
        this.inboxes = inboxes;
    }

    @Override
    public void take(BindBatch batch) {
        Rounds.ask(
                batch,
                attempt -> inboxes.open(
                        attempt.admission().endpoint(),
                        attempt.wish().seq(),
                        attempt.product().window(),
                        attempt.generation()),
                BindAttempt::opened);
    }
}
