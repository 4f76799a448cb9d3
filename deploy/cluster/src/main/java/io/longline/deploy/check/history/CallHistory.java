package io.longline.deploy.check.history;

import io.longline.deploy.check.history.Event.Session;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of a {@link History} that is about uplinks, what back ends are told, and whom they kick. Any thread writes. */
public final class CallHistory {
    private final History history;

    CallHistory(History history) {
        this.history = history;
    }

    // ---- clients ----

    public void uplinkBegun(Uplink uplink) {
        history.add(at -> new UplinkEvent.Begun(at, uplink));
    }

    public void uplinkTaken(Uplink uplink) {
        history.add(at -> new UplinkEvent.Taken(at, uplink));
    }

    public void uplinkRefused(Uplink uplink, String reason) {
        history.add(at -> new UplinkEvent.Refused(at, uplink, reason));
    }

    public void replied(Session session, long seq, String inReplyTo, @Nullable Reply reply) {
        history.add(at -> new UplinkEvent.Replied(at, session, seq, inReplyTo, reply));
    }

    // ---- callbacks ----

    public void served(String product, String kind) {
        history.add(at -> new HookEvent.Served(at, product, kind));
    }

    public void told(Notice notice) {
        history.add(at -> new HookEvent.Told(at, notice));
    }

    public void replyBegun(Reply reply) {
        history.add(at -> new HookEvent.ReplyBegun(at, reply));
    }

    public void replyGiven(Reply reply) {
        history.add(at -> new HookEvent.ReplyGiven(at, reply));
    }

    // ---- groups ----

    public void pulled(PullGroup group, long begunAt, Duration lease, List<GroupEvent.Lent> lent) {
        history.add(at -> new GroupEvent.Pulled(at, group, begunAt, lease.toNanos(), lent));
    }

    public void settleBegun(PullGroup group, Set<String> leaseIds, boolean finish) {
        history.add(at -> new GroupEvent.SettleBegun(at, group, leaseIds, finish));
    }

    public void finished(PullGroup group, Set<String> leaseIds) {
        history.add(at -> new GroupEvent.Finished(at, group, leaseIds));
    }

    // ---- kicks ----

    public long kickBegun(Kick kick) {
        return history.add(at -> new KickEvent.Begun(at, kick));
    }

    public void kickAnswered(Kick kick, String center, long begunAt, Answer answer) {
        history.add(at -> new KickEvent.Tried(at, kick, center, begunAt, answer, false));
    }

    public void kickUnanswered(Kick kick, String center, long begunAt, boolean refused) {
        history.add(at -> new KickEvent.Tried(at, kick, center, begunAt, null, refused));
    }

    public void kickOver(Kick kick, long begunAt, boolean done) {
        history.add(at -> new KickEvent.Over(at, kick, begunAt, done));
    }

    // ---- who is online ----

    public void presenceRead(String product, long begunAt, long after, boolean gap, List<PresenceEvent.Entry> entries) {
        history.add(at -> new PresenceEvent.Read(at, product, begunAt, after, gap, entries));
    }

    public void snapshot(String product, long begunAt, Set<EndpointId> online) {
        history.add(at -> new PresenceEvent.Snapshot(at, product, begunAt, online));
    }
}
