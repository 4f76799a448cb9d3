package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.HookEvent;
import io.longline.deploy.check.history.Reply;
import io.longline.deploy.check.history.UplinkEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What callbacks reply: it comes to who asked, says to what it replies, and arrives where nothing was wrong. */
final class ReplyRules {
    private static final int MOST = 20_000;

    /** A reply is in the inbox by then, where nothing is wrong; a coordinator that dies before takes it along. */
    private static final long STORED_WITHIN = TimeUnit.SECONDS.toNanos(20);

    private final FaultLog faults;
    private final Findings findings;
    private final Accounts accounts;
    private final ArrivalRules arrivals;
    private final Map<Reply, Case> cases = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Reply, Case> eldest) {
            return size() > MOST;
        }
    };
    private boolean forgetsSome;

    private static final class Case {
        private long begunAt;
        private long givenAt = -1;
        private boolean arrived;
    }

    ReplyRules(FaultLog faults, Findings findings, Accounts accounts, ArrivalRules arrivals) {
        this.faults = faults;
        this.findings = findings;
        this.accounts = accounts;
        this.arrivals = arrivals;
    }

    void begun(HookEvent.ReplyBegun event) {
        Case one = cases.computeIfAbsent(event.reply(), _ -> new Case());
        one.begunAt = one.begunAt == 0 ? event.at() : one.begunAt;
        forgetsSome |= cases.size() >= MOST;
    }

    void given(HookEvent.ReplyGiven event) {
        Case one = cases.get(event.reply());
        if (one != null) {
            one.givenAt = event.at();
        }
    }

    /** One came to its client, or to somebody else. */
    void arrives(EndpointCase endpoint, SessionCase session, UplinkEvent.Replied event) {
        Reply reply = event.reply();
        if (reply == null) {
            findings.add(4, "a reply that is damaged", event.at(), null, endpoint);
            return;
        }
        if (!reply.endpoint().equals(endpoint.id) || !reply.uplinkId().equals(event.inReplyTo())) {
            String what = "a reply to " + event.inReplyTo() + " that is of somebody else: " + reply;
            findings.add(4, what, event.at(), null, endpoint);
        }
        Case one = cases.get(reply);
        if (one != null) {
            one.arrived = true;
        } else if (!forgetsSome) {
            findings.add(4, "a reply that nobody gave: " + reply, event.at(), null, endpoint);
        }
        arrivals.replied(endpoint, session, event.seq(), event.at());
    }

    private boolean isOwed(Reply reply, Case one) {
        EndpointCase endpoint = endpoint(reply);
        return one.givenAt >= 0
                && !one.arrived
                && endpoint.everCame()
                && !faults.anyBetween(one.begunAt - STORED_WITHIN, one.givenAt + STORED_WITHIN)
                && !faults.lostRedisBetween(one.begunAt, Long.MAX_VALUE)
                && !endpoint.mayForget(faults, one.begunAt);
    }

    private EndpointCase endpoint(Reply reply) {
        EndpointId id = reply.endpoint();
        return accounts.of(id.product(), id.user()).endpoint(id.device());
    }

    private List<Reply> owed() {
        List<Reply> owed = new ArrayList<>();
        cases.forEach((reply, one) -> {
            if (isOwed(reply, one)) {
                owed.add(reply);
            }
        });
        return owed;
    }

    long countOwed() {
        return owed().size();
    }

    void finish(long now) {
        owed().forEach(reply -> findings.add(1, "lost: a reply that was given: " + reply, now, null, endpoint(reply)));
    }
}
