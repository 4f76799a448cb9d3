package io.longline.room.conversation;

import io.longline.frames.CloseCode;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.handshake.BindAttempt;
import io.longline.room.handshake.BindBatch;
import io.longline.room.handshake.Parting;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.room.topic.TopicLoop;
import io.longline.room.topic.UnderWay;
import io.longline.room.transport.Ending;
import java.util.List;

/** What follows a handshake, back on the loop: sessions go live, and what came to nothing is undone. */
final class Binding {
    private final LinkSessions sessions;
    private final RoomLoop roomLoop;
    private final Reception reception;

    Binding(LinkSessions sessions, RoomLoop roomLoop, Reception reception) {
        this.sessions = sessions;
        this.roomLoop = roomLoop;
        this.reception = reception;
    }

    /** Undoes those that failed, or were overtaken by the end of their link or a newer bind; answers the others. */
    List<BindAttempt> settle(BindBatch batch) {
        return batch.attempts().stream().filter(this::settle).toList();
    }

    private boolean settle(BindAttempt attempt) {
        Session session = attempt.session();
        if (session == null) {
            return false;
        }
        attempt.refuseIfOver(reception.nowMs());
        if (attempt.isRenewal()) {
            return attempt.refusal() == null;
        }
        refuseIfElsewhere(attempt);
        if (attempt.refusal() == null) {
            Ending overtaken = session.overtaken(attempt.generation());
            if (overtaken == null) {
                return true;
            }
            attempt.refuse(overtaken); // somebody newer has the endpoint: there is nothing to give back
            sessions.remove(session);
            return false;
        }
        sessions.remove(session);
        giveBack(attempt, session);
        return false;
    }

    /** The room was declared gone during the handshake: the register has this session in an incarnation that is no more. */
    private void refuseIfElsewhere(BindAttempt attempt) {
        Place place = attempt.askedFor();
        if (attempt.refusal() == null
                && place != null
                && !reception.incarnation().is(place)) {
            attempt.refuse(Ending.of(CloseCode.OVERLOADED, "the room has a new incarnation"));
        }
    }

    private void giveBack(BindAttempt attempt, Session session) {
        Place place = attempt.askedFor();
        if (place == null) {
            return;
        }
        boolean forget = session.isToBeForgotten();
        if (attempt.generation() == 0) {
            reception.unbinder().leaveUnanswered(session.endpoint(), place, forget);
        } else if (forget) {
            var _ = reception.unbinder().forget(session.endpoint(), place, attempt.generation());
        } else {
            reception.unbinder().leave(session.endpoint(), place, attempt.generation(), Parting.UNBOUND);
        }
    }

    /**
     * The sessions are live, and the client has been told: now what waits is written.
     *
     * @param underWay is told what they wish of topics
     */
    void begin(List<BindAttempt> bound, UnderWay underWay) {
        for (BindAttempt attempt : bound) {
            Session session = attempt.session();
            if (session == null || session.isEnded()) {
                continue;
            }
            if (attempt.isRenewal()) {
                sessions.renew(session, attempt.tokenEndsAtMs());
                roomLoop.acks().ack(session, attempt.wish().seq());
                session.allowTopics(attempt.topicPatterns());
                topics().renewed(session, attempt.wish().topics(), underWay);
            } else {
                session.live(attempt.generation(), attempt.opened().acked(), reception.nowMs());
                roomLoop.reader().loaded(session, attempt.opened().page());
                endOlder(session);
                topics().bound(session, attempt.followed(), attempt.wish().topics(), underWay);
            }
        }
    }

    private TopicLoop topics() {
        return reception.topics(sessions.link());
    }

    /** An endpoint that is bound twice on one link belongs to the newer session, which may be either. */
    private void endOlder(Session session) {
        for (Session other : sessions.all()) {
            if (other != session
                    && other.endpoint().equals(session.endpoint())
                    && other.state() == Session.State.LIVE) {
                Session older = other.generation() < session.generation() ? other : session;
                sessions.end(older, Ending.of(CloseCode.REPLACED));
            }
        }
    }
}
