package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.room.delivery.Inboxes;
import io.longline.room.transport.Ending;

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
                OpenStep::opened);
    }

    private static void opened(BindAttempt attempt, Inboxes.Opened found) {
        if (found.neverAcksMs() > 0) {
            attempt.refuse(Ending.of(CloseCode.NEVER_ACKNOWLEDGES).retryAfter(found.neverAcksMs()));
        } else if (found.replaced()) {
            attempt.refuse(Ending.of(CloseCode.REPLACED));
        } else {
            attempt.opened(found);
        }
    }
}
