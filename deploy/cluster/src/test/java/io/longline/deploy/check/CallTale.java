package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.GroupEvent.Lent;
import io.longline.deploy.check.history.Kick;
import io.longline.deploy.check.history.Notice;
import io.longline.deploy.check.history.PresenceEvent;
import io.longline.deploy.check.history.PullGroup;
import io.longline.deploy.check.history.Reply;
import io.longline.deploy.check.history.Uplink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What goes beside messages, as a test tells it; each sentence takes a millisecond. */
final class CallTale {
    static final String ORDER = "order";
    static final PullGroup AUDIT = new PullGroup("shop", ORDER, "audit");

    final Tale tale = new Tale();
    private int numbers;
    private int events;

    CallTale() {
        tale.history.calls().served("shop", Notice.UPLINK + ORDER);
    }

    /** Back ends are told who comes and goes. */
    CallTale withPresence() {
        tale.history.calls().served("shop", "presence");
        return this;
    }

    private CallTale tick() {
        tale.passes(Duration.ofMillis(1));
        return this;
    }

    // ---- uplinks ----

    Uplink begins() {
        int number = numbers++;
        return begins(new Uplink(number, Tale.PHONE, ORDER, "up-" + number));
    }

    Uplink begins(Uplink uplink) {
        tick();
        tale.history.calls().uplinkBegun(uplink);
        return uplink;
    }

    /** Sent, and acknowledged. */
    Uplink kept() {
        Uplink uplink = begins();
        tick();
        tale.history.calls().uplinkTaken(uplink);
        return uplink;
    }

    void isTaken(Uplink uplink) {
        tick();
        tale.history.calls().uplinkTaken(uplink);
    }

    void isRefused(Uplink uplink, String reason) {
        tick();
        tale.history.calls().uplinkRefused(uplink, reason);
    }

    Notice event(Uplink uplink, long seq) {
        return event(uplink, "e" + seq, seq, uplink.text(100));
    }

    static Notice event(Uplink uplink, String eventId, long seq, String text) {
        return new Notice(eventId, Notice.UPLINK + uplink.type(), uplink.endpoint(), uplink.id(), "", 1, seq, "", text);
    }

    CallTale told(Notice notice) {
        tick();
        tale.history.calls().told(notice);
        return this;
    }

    // ---- replies ----

    Reply replied(Uplink uplink, long seq) {
        Reply reply = new Reply(uplink.endpoint(), uplink.id(), "e" + seq);
        tick();
        tale.history.calls().replyBegun(reply);
        tick();
        tale.history.calls().replyGiven(reply);
        return reply;
    }

    CallTale arrives(Session session, long seq, String inReplyTo, Reply reply) {
        tick();
        tale.history.calls().replied(session, seq, inReplyTo, reply);
        return this;
    }

    // ---- groups ----

    CallTale pulls(Duration lease, Notice... uplinks) {
        tick();
        long begunAt = tale.history.time();
        tick();
        List<Lent> lent = new ArrayList<>();
        for (Notice uplink : uplinks) {
            lent.add(new Lent("lease-" + ++events, uplink));
        }
        tale.history.calls().pulled(AUDIT, begunAt, lease, lent);
        return this;
    }

    /** What was lent last is finished. */
    CallTale finishes() {
        tick();
        tale.history.calls().settleBegun(AUDIT, Set.of("lease-" + events), true);
        tick();
        tale.history.calls().finished(AUDIT, Set.of("lease-" + events));
        return this;
    }

    CallTale givesBack() {
        tick();
        tale.history.calls().settleBegun(AUDIT, Set.of("lease-" + events), false);
        return this;
    }

    // ---- who comes and goes, and what became of messages ----

    CallTale tellsPresence(String type, long generation) {
        long seq = ++events;
        return told(new Notice("p" + seq, type, Tale.PHONE, "", "", generation, seq, "bound", ""));
    }

    CallTale logs(long after, boolean gap, PresenceEvent.Entry... entries) {
        tick();
        tale.history.calls().presenceRead("shop", tale.history.time(), after, gap, List.of(entries));
        return this;
    }

    static PresenceEvent.Entry entry(long id, String type, long generation) {
        return new PresenceEvent.Entry(id, type, Tale.PHONE, generation, "bound");
    }

    CallTale snapshot(EndpointId... online) {
        tick();
        tale.history.calls().snapshot("shop", tale.history.time(), Set.of(online));
        return this;
    }

    CallTale tellsEnd(String type, long seq, String messageId) {
        return told(new Notice("m" + ++events, type, Tale.PHONE, "", messageId, 1, seq, "", ""));
    }

    // ---- kicks ----

    /** Asked for, and answered with success. */
    Kick kicks(Duration block) {
        Kick kick = new Kick(numbers++, "shop", Set.of("u"), null, block, Kick.REASON + numbers);
        tick();
        long begunAt = tale.history.calls().kickBegun(kick);
        tick();
        Answer success = new Answer(200, "", List.of(), false, null, null);
        tale.history.calls().kickAnswered(kick, Tale.CENTER, begunAt, success);
        tale.history.calls().kickOver(kick, begunAt, true);
        return kick;
    }

    CallTale ends(Session session, int code, String how) {
        tick();
        tale.history.ended(session, code, how);
        return this;
    }
}
