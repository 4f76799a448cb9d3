package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Kick;
import io.longline.deploy.check.history.KickEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Whom back ends kick: their sessions end and are told, and while they are blocked there is no other (promise 5). */
final class KickRules {
    private static final int MOST_OF_A_USER = 32;

    /** So long after the last attempt one that was not answered may still be carried out, by a part that was stopped. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(75);

    /** What was said to a client in time may be read later, and an SDK says only afterwards that a session has begun. */
    private static final long SLACK = TimeUnit.SECONDS.toNanos(10);

    /** The clock of Redis may be a little behind. */
    private static final long EARLY = TimeUnit.MILLISECONDS.toNanos(200);

    private final FaultLog faults;
    private final Findings findings;
    private final AnswerRules answers;
    private final Accounts accounts;
    private final Map<String, List<Span>> byUser = new HashMap<>();

    /** A kick, from when it was asked for until nobody asks any more. */
    private static final class Span {
        private final Kick kick;
        private final long begunAt;
        private long overAt = -1;
        private boolean done;
        private boolean doubtful;

        private Span(Kick kick, long begunAt) {
            this.kick = kick;
            this.begunAt = begunAt;
        }

        /** When it can have been carried out last. */
        private long until() {
            return overAt < 0 ? Long.MAX_VALUE / 2 : doubtful || !done ? overAt + LATE : overAt;
        }

        private boolean isCertain() {
            return overAt >= 0 && done && !doubtful;
        }
    }

    KickRules(FaultLog faults, Findings findings, AnswerRules answers, Accounts accounts) {
        this.faults = faults;
        this.findings = findings;
        this.answers = answers;
        this.accounts = accounts;
    }

    void accept(KickEvent event) {
        switch (event) {
            case KickEvent.Begun begun -> {
                Span span = new Span(begun.kick(), begun.at());
                begun.kick().users().forEach(user -> add(begun.kick().product() + "/" + user, span));
            }
            case KickEvent.Tried tried -> tried(tried);
            case KickEvent.Over over -> over(over);
        }
    }

    private void add(String user, Span span) {
        List<Span> spans = byUser.computeIfAbsent(user, _ -> new ArrayList<>());
        spans.add(span);
        if (spans.size() > MOST_OF_A_USER) {
            spans.removeFirst();
        }
    }

    private Stream<Span> spans(Kick kick) {
        return kick.users().stream()
                .flatMap(user -> byUser.getOrDefault(kick.product() + "/" + user, List.of()).stream())
                .filter(span -> span.kick.number() == kick.number());
    }

    private Stream<Span> spans(EndpointId endpoint) {
        return byUser.getOrDefault(endpoint.product() + "/" + endpoint.user(), List.of()).stream()
                .filter(span -> span.kick.isOf(endpoint));
    }

    private void tried(KickEvent.Tried event) {
        Answer answer = event.answer();
        boolean unknown = answer != null && isUnknown(answer);
        if (answer != null && !unknown) {
            answers.form(null, null, event.center(), event.begunAt(), event.at(), answer);
        } else if (answer == null && !faults.isDown(event.center(), event.begunAt(), event.at())) {
            findings.add(15, event.center() + " did not answer to " + event.kick(), event.at());
        }
        boolean certain = answer == null ? event.refused() : answer.isSuccess() || unknown;
        if (!certain) {
            spans(event.kick()).forEach(span -> span.doubtful = true);
        }
    }

    /** A user who never came cannot be kicked. */
    private static boolean isUnknown(Answer answer) {
        return answer.status() == 404
                && answer.error() != null
                && answer.error().reason().equals("USER_NOT_FOUND");
    }

    private void over(KickEvent.Over event) {
        spans(event.kick()).forEach(span -> {
            span.overAt = event.at();
            span.done = event.done();
        });
        boolean certain = spans(event.kick()).allMatch(Span::isCertain);
        if (certain && !faults.anyBetween(event.begunAt(), event.at())) {
            event.kick().users().stream()
                    .flatMap(user -> accounts.of(event.kick().product(), user).endpoints().stream())
                    .filter(endpoint -> event.kick().isOf(endpoint.id))
                    .flatMap(EndpointCase::sessions)
                    .filter(session -> session.generation > 0 && session.boundAt >= 0)
                    .filter(session -> session.boundAt < event.begunAt())
                    .forEach(session -> session.lost(event.at(), SessionCase.KICKED));
        }
    }

    /** Whether a session that was begun then may be ended, as it was kicked. */
    boolean mayEnd(EndpointCase endpoint, SessionCase session) {
        long begunAt = session.session.sdk() ? session.begunAt - SLACK : session.begunAt;
        return spans(endpoint.id).anyMatch(span -> span.until() >= begunAt);
    }

    /** Whether a bind may be refused then, as its endpoint is blocked. */
    boolean mayBlock(EndpointCase endpoint, long at) {
        return spans(endpoint.id).filter(span -> !span.kick.block().isZero()).anyMatch(span -> {
            long end = span.until() + span.kick.block().toNanos();
            return end + SLACK >= at || faults.anyBetween(end, at);
        });
    }

    void bound(EndpointCase endpoint, SessionCase session, Event.Bound event) {
        if (event.generation() == 0) {
            return; // the SDK does not say whether it is bound anew or goes on
        }
        spans(endpoint.id)
                .filter(span -> span.isCertain() && span.overAt < session.begunAt)
                .filter(span -> event.at() < span.begunAt + span.kick.block().toNanos() - EARLY)
                .filter(span -> !faults.lostRedisBetween(span.begunAt, event.at()))
                .filter(span -> isLast(endpoint.id, span))
                .findFirst()
                .ifPresent(span -> findings.add(
                        5, session.session + " is bound, though blocked by " + span.kick, event.at(), null, endpoint));
    }

    /** A later one may say that nobody is blocked any more. */
    private boolean isLast(EndpointId endpoint, Span span) {
        return byUser.getOrDefault(endpoint.product() + "/" + endpoint.user(), List.of()).stream()
                .allMatch(other -> other == span || other.until() < span.begunAt);
    }

    /** What the client of a session is told is what some back end said of it; a link on which none was bound may end for the sake of another. */
    void ended(EndpointCase endpoint, SessionCase session, Event.Ended event) {
        boolean ours = session.boundAt >= 0 && event.how().startsWith(Kick.REASON);
        if (ours && spans(endpoint.id).noneMatch(span -> event.how().equals(span.kick.reason()))) {
            String what = "ended for a kick of somebody else: " + event.how();
            findings.add(5, what, event.at(), null, endpoint);
        }
    }
}
