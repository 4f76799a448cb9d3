package io.longline.deploy.check;

import io.longline.deploy.check.MessageCase.Copy;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Stamp;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What arrives: at the right endpoint, in order, not again, not too late, and not at a session that was replaced. */
final class ArrivalRules {
    /** What was sent in time may be read later, by a machine that has much to do. */
    static final long SLACK = TimeUnit.SECONDS.toNanos(5);

    private final FaultLog faults;
    private final Findings findings;
    private final LaterRules later;
    private int highestNumber = -1;

    ArrivalRules(FaultLog faults, Findings findings, LaterRules later) {
        this.faults = faults;
        this.findings = findings;
        this.later = later;
    }

    void sent(int number) {
        highestNumber = Math.max(highestNumber, number);
    }

    boolean wasSent(int number) {
        return number <= highestNumber;
    }

    /** A push as it came over a link. */
    void delivered(Account account, SessionCase session, Event.Delivered event) {
        EndpointCase endpoint = account.endpoint(session.session.endpoint().device());
        Stamp stamp = event.stamp();
        MessageCase message = account.message(stamp == null ? -1 : stamp.number());
        if (!isMeant(endpoint, stamp, message, event.at()) || event.qos() == 0) {
            return;
        }
        if (event.seq() <= session.lastSeq) {
            String what = "seq " + event.seq() + " comes after " + session.lastSeq + " in one session";
            findings.add(2, what, event.at(), message, endpoint);
        }
        session.lastSeq = Math.max(session.lastSeq, event.seq());
        String refusal = session.refusal(event.seq());
        if (!refusal.isEmpty()) {
            findings.add(3, "sent again, though " + refusal, event.at(), message, endpoint);
        }
        if (message != null) {
            message.note(event);
            Copy copy = message.copy(endpoint.id.device());
            inTime(message, copy, endpoint, session, event);
            newerWins(message, endpoint, session, event.at());
            arrived(account, message, copy, event.seq(), event.messageId(), event.at());
        }
    }

    /** A reply of a back end, which is a message of the inbox like all others. */
    void replied(EndpointCase endpoint, SessionCase session, long seq, long at) {
        if (session.session.sdk()) {
            endpoint.handed = Math.max(endpoint.handed, seq);
            return;
        }
        if (seq <= session.lastSeq) {
            String what = "a reply with seq " + seq + " comes after " + session.lastSeq + " in one session";
            findings.add(2, what, at, null, endpoint);
        }
        session.lastSeq = Math.max(session.lastSeq, seq);
        String refusal = session.refusal(seq);
        if (!refusal.isEmpty()) {
            findings.add(3, "a reply is sent again, though " + refusal, at, null, endpoint);
        }
    }

    /** A message as the SDK hands it to its app: once, and in order, over all the links of its life. */
    void handed(Account account, SessionCase session, Event.Handed event) {
        EndpointCase endpoint = account.endpoint(session.session.endpoint().device());
        Stamp stamp = event.stamp();
        MessageCase message = account.message(stamp == null ? -1 : stamp.number());
        if (!isMeant(endpoint, stamp, message, event.at()) || event.seq() == 0) {
            return;
        }
        if (event.seq() <= endpoint.handed && !event.maybeRepeated()) {
            String what = "the SDK hands out seq " + event.seq() + " after " + endpoint.handed;
            findings.add(2, what, event.at(), message, endpoint);
        }
        endpoint.handed = Math.max(endpoint.handed, event.seq());
        if (message != null) {
            message.note(event);
            Copy copy = message.copy(endpoint.id.device());
            if (copy.handed
                    && !event.maybeRepeated()
                    && !message.mayChange
                    && !message.mayBeOthers(faults, event.at())) {
                findings.add(2, "the SDK hands it out twice", event.at(), message, endpoint);
            }
            copy.handed = true;
            arrived(account, message, copy, event.seq(), event.messageId(), event.at());
        }
    }

    private boolean isMeant(EndpointCase endpoint, @Nullable Stamp stamp, @Nullable MessageCase message, long at) {
        if (stamp == null || !wasSent(stamp.number())) {
            findings.add(4, "what arrives was sent by nobody, or is damaged", at, null, endpoint);
            return false;
        }
        if (!stamp.isFor(endpoint.id)) {
            findings.add(4, "arrives at somebody else: " + stamp, at, message, endpoint);
            return false;
        }
        if (message != null) {
            if (message.refused && !message.mayBeSent()) {
                findings.add(6, "arrives, though it was refused", at, message, endpoint);
            }
            later.arrives(message, endpoint, at);
        }
        return true;
    }

    private void inTime(
            MessageCase message, Copy copy, EndpointCase endpoint, SessionCase session, Event.Delivered event) {
        boolean late = event.at() > message.expiresAt() + SLACK
                && !session.deaf
                && !faults.anyBetween(message.expiresAt(), event.at());
        if (message.send.isStored() && (event.ttlMs() <= 0 || late)) {
            findings.add(9, "sent after its time to live", event.at(), message, endpoint);
        }
        boolean mayCome = message.mayComeAfterRecall && "recalled".equals(copy.end);
        if (copy.seq > 0 && copy.seq != event.seq()) {
            return; // what is known of the copy was of another one
        }
        if (copy.end != null && !copy.end.equals("acked") && !mayCome && copy.endAt < session.begunAt) {
            findings.add(9, "sent after it was " + copy.end, event.at(), message, endpoint);
        }
        boolean certain = message.isSettled() && !message.mayChange;
        if (certain && copy.forgottenAt >= 0 && copy.forgottenAt < session.begunAt) {
            findings.add(9, "sent after its device was forgotten", event.at(), message, endpoint);
        }
    }

    private void newerWins(MessageCase message, EndpointCase endpoint, SessionCase session, long at) {
        if (session.isSurelyLost(faults, at) && session.replacedAt < message.startsAt) {
            findings.add(5, "sent to a session that had been " + session.lostBy + " before", at, message, endpoint);
        }
    }

    private void arrived(Account account, MessageCase message, Copy copy, long seq, String id, long at) {
        EndpointCase endpoint = account.endpoint(copy.device);
        if (message.send.messageId() != null && !message.send.messageId().equals(id)) {
            findings.add(8, "arrives with id " + id, at, message, endpoint);
        }
        account.assign(message, copy, seq, at);
        copy.arrivedAt = copy.arrivedAt < 0 ? at : copy.arrivedAt;
    }
}
