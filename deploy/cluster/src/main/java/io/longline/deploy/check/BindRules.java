package io.longline.deploy.check;

import io.longline.deploy.check.history.Event;
import java.util.concurrent.TimeUnit;

/** Who has an endpoint: the newest bind, and the others hear of it. */
final class BindRules {
    /** Who was replaced hears of it within this time, where nothing is broken. */
    private static final long HEARD_WITHIN = TimeUnit.SECONDS.toNanos(20);

    /** A bind whose answer never came may still have happened for so long. */
    private static final long LATE_BIND = TimeUnit.SECONDS.toNanos(15);

    private static final int REPLACED = 3501;
    private static final int FORGOTTEN = 3502;

    private static final int BLOCKED = 3505;

    private final FaultLog faults;
    private final Findings findings;
    private final KickRules kicks;

    BindRules(FaultLog faults, Findings findings, KickRules kicks) {
        this.faults = faults;
        this.findings = findings;
        this.kicks = kicks;
    }

    void bound(EndpointCase endpoint, SessionCase session, Event.Bound event) {
        session.boundAt = event.at();
        session.generation = event.generation();
        endpoint.bound(faults, session.begunAt, event.at());
        kicks.bound(endpoint, session, event);
        if (session.session.named() > 0 && !faults.isRedisLost()) {
            endpoint.take(session.session.named(), event.at());
        }
        if (event.generation() == 0) {
            return; // the SDK does not say
        }
        endpoint.sessions()
                .filter(other -> other != session && other.generation > 0)
                .forEach(other -> {
                    if (other.generation == session.generation) {
                        String what = "generation " + event.generation() + " was given twice";
                        findings.add(5, what, event.at(), null, endpoint);
                    }
                    SessionCase older = other.generation < session.generation ? other : session;
                    older.lost(event.at(), SessionCase.REPLACED);
                });
    }

    void ended(EndpointCase endpoint, SessionCase session, Event.Ended event) {
        session.end();
        boolean somebodyElse = endpoint.sessions()
                .anyMatch(other -> other != session && (other.session.sdk() || mayBindSince(session.begunAt, other)));
        boolean wasBound = session.boundAt >= 0; // the link of one that was not may end for the sake of another
        if (event.code() == REPLACED && wasBound && !session.session.sdk() && !somebodyElse) {
            findings.add(5, "called replaced, though nobody else bound it", event.at(), null, endpoint);
        }
        boolean blamed = switch (event.code()) {
            case 3500, 3503, 3504, 3507 -> true;
            case BLOCKED -> !kicks.mayBlock(endpoint, event.at());
            case FORGOTTEN ->
                wasBound
                        && session.replacedAt < 0
                        && !endpoint.mayBeEndedFor(session.begunAt)
                        && !kicks.mayEnd(endpoint, session);
            default -> false;
        };
        kicks.ended(endpoint, session, event);
        if (blamed) {
            String what = session.session + " did nothing wrong and was ended with " + event.code();
            findings.add(13, what, event.at(), null, endpoint);
        }
    }

    /** A room hears of a bind when what kept it from that is over, though its client has gone by then. */
    private boolean mayBindSince(long at, SessionCase other) {
        long heard = other.boundAt >= 0
                ? other.begunAt
                : faults.downUntil(other.session.room(), other.begunAt, other.begunAt + LATE_BIND);
        return heard > at - LATE_BIND;
    }

    /** To be asked now and then: who lives on though it was replaced? */
    void look(EndpointCase endpoint, long now) {
        endpoint.sessions()
                .filter(session -> session.isOpen() && !session.deaf && !session.reported && session.replacedAt >= 0)
                .filter(session -> now - Math.max(session.replacedAt, faults.calmSince()) > HEARD_WITHIN)
                .filter(session -> session.isSurelyLost(faults, now))
                .forEach(session -> {
                    session.reported = true;
                    String what = session.session + " was " + session.lostBy + " and not told so for "
                            + TimeUnit.NANOSECONDS.toSeconds(now - session.replacedAt) + " s";
                    findings.add(5, what, now, null, endpoint);
                });
    }
}
