package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Session;
import io.longline.room.transport.Ending;

/** Each bind gets a session, and so a place that the register can be told, unless its ref has one already. */
final class PlaceStep implements HandshakeStep {
    private final int maxSessions;

    PlaceStep(int maxSessions) {
        this.maxSessions = maxSessions;
    }

    @Override
    public void take(BindBatch batch) {
        batch.sessions().link().loop().call(() -> {
            for (BindAttempt attempt : batch.toBeBound()) {
                place(batch, attempt);
            }
            return true;
        });
    }

    private void place(BindBatch batch, BindAttempt attempt) {
        LinkSessions sessions = batch.sessions();
        BindAttempt.Admission admission = attempt.admission();
        int ref = attempt.wish().ref();
        if (!sessions.link().isOpen()) {
            attempt.refuse(CloseCode.GOING_AWAY, "the link is closed");
            return;
        }
        Session existing = sessions.byRef(ref);
        if (existing != null && existing.endpoint().equals(admission.endpoint())) {
            attempt.renews(existing);
        } else if (existing != null) {
            batch.endLink(Ending.of(CloseCode.MALFORMED_FRAME, "ref " + ref + " is bound to another endpoint"));
        } else if (sessions.size() >= maxSessions) {
            attempt.refuse(CloseCode.PROTOCOL_ABUSE, "more than " + maxSessions + " sessions on a link");
        } else {
            Session placed =
                    sessions.add(ref, admission.endpoint(), admission.product().window(), admission.tokenEndsAtMs());
            if (placed == null) {
                attempt.refuse(CloseCode.OVERLOADED, "the room is full");
            } else {
                placed.allowTopics(admission.topicPatterns());
                attempt.placed(placed);
            }
        }
    }
}
