package io.longline.deploy.check;

import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.TopicEvent;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;

/** The checker's part that judges topics: what was sent to them, who follows them, and what arrives. */
final class Topics {
    private static final int MOST_JUDGED = 2_000;

    private final FaultLog faults;
    private final Findings findings;
    private final ArrivalRules arrivals;
    private final Accounts accounts;
    private final Broadcasts broadcasts;
    private final TopicSendRules sends;
    private final FollowRules follows;
    private final TopicArrivalRules topicArrivals;
    private final Map<String, Map<String, TopicLog>> logs = new HashMap<>();
    private final Queue<TopicCase> judged = new ArrayDeque<>();

    /** @param broadcasts judges what is of topics that everybody follows */
    Topics(
            FaultLog faults,
            Findings findings,
            AnswerRules answers,
            ArrivalRules arrivals,
            Accounts accounts,
            Broadcasts broadcasts) {
        this.faults = faults;
        this.findings = findings;
        this.arrivals = arrivals;
        this.accounts = accounts;
        this.broadcasts = broadcasts;
        this.sends = new TopicSendRules(faults, findings, answers);
        this.follows = new FollowRules(faults, findings, answers);
        this.topicArrivals = new TopicArrivalRules(faults, findings, arrivals);
    }

    private TopicLog log(String product, String topic) {
        return logs.computeIfAbsent(product, _ -> new HashMap<>()).computeIfAbsent(topic, _ -> new TopicLog(findings));
    }

    void accept(TopicEvent event) {
        switch (event) {
            case TopicEvent.OfMessage message -> {
                arrivals.sent(message.send().number());
                sends.accept(log(message.send().product(), message.send().topic()), message);
            }
            case TopicEvent.OfUser user -> {
                var wish = user.wish();
                Account account = accounts.of(wish.product(), wish.user());
                follows.accept(log(wish.product(), wish.topic()).user(wish.user(), account), user);
            }
            case TopicEvent.OfSession session -> {
                if (BroadcastSending.isTopic(session.topic())) {
                    broadcasts.accept(session);
                } else {
                    accept(session);
                }
            }
            case TopicEvent.AppEnded app -> {
                Account account =
                        accounts.of(app.endpoint().product(), app.endpoint().user());
                EndpointCase endpoint = account.endpoint(app.endpoint().device());
                endpoint.sessions().forEach(session -> over(account, endpoint, session, app.at()));
            }
        }
    }

    private void accept(TopicEvent.OfSession event) {
        Session session = event.session();
        EndpointId id = session.endpoint();
        Account account = accounts.of(id.product(), id.user());
        EndpointCase endpoint = account.endpoint(id.device());
        endpoint.note(event);
        TopicLog log = log(id.product(), event.topic());
        UserTopic topic = log.user(id.user(), account);
        SessionCase of = endpoint.session(session, event.at());
        TopicArrivalRules.Place place = new TopicArrivalRules.Place(log, topic, endpoint, of);
        switch (event) {
            case TopicEvent.Named named -> of.topic(event.topic()).named(named.after());
            case TopicEvent.ClientWish wish -> follows.wished(topic, endpoint, of, wish);
            case TopicEvent.Subscribed subscribed -> follows.subscribed(topic, endpoint, of, subscribed);
            case TopicEvent.Refused refused -> follows.refused(topic, endpoint, of, refused);
            case TopicEvent.Gap gap -> topicArrivals.gap(place, gap);
            case TopicEvent.Delivered push -> topicArrivals.delivered(place, push);
            case TopicEvent.Handed push -> topicArrivals.handed(place, push);
            case TopicEvent.AckSent _ -> {}
        }
    }

    /** A session begins: what it must not get again is what was taken by now. */
    void binding(Account account, EndpointCase endpoint, SessionCase session) {
        each(
                account,
                (name, topic) -> session.took(name, topic.of(endpoint).acks.taken()));
    }

    /** A session is over. The SDK goes on in its next one. */
    void ended(Account account, EndpointCase endpoint, SessionCase session, long at) {
        if (!session.session.sdk()) {
            over(account, endpoint, session, at);
        }
    }

    private void over(Account account, EndpointCase endpoint, SessionCase session, long at) {
        String product = endpoint.id.product();
        session.eachTopic((name, of) -> {
            if (!BroadcastSending.isTopic(name)) {
                follows.ended(log(product, name).user(endpoint.id.user(), account), endpoint, of, at);
            }
        });
    }

    /** A device is being forgotten. */
    void forget(Account account, EndpointCase endpoint, long at) {
        each(account, (_, topic) -> topic.of(endpoint).forget(topic.user, at));
    }

    private interface Each {
        void topic(String name, UserTopic topic);
    }

    private void each(Account account, Each action) {
        logs.getOrDefault(account.product(), Map.of())
                .forEach((name, log) -> action.topic(name, log.user(account.user(), account)));
    }

    private Stream<TopicLog> all() {
        return logs.values().stream().flatMap(ofProduct -> ofProduct.values().stream());
    }

    void redisWasLost(long now) {
        all().forEach(log -> {
            log.cases().forEach(message -> message.redisWasLost(faults, now));
            log.users().forEach(user -> user.devices().forEach(each -> each.acks.soften(faults, now)));
        });
        broadcasts.redisWasLost(now);
    }

    /** To be asked now and then: what is over is forgotten, but for the last {@value #MOST_JUDGED} messages. */
    void look(long now, long patience) {
        all().forEach(log -> {
            log.users().forEach(user -> look(user, now));
            log.cases().stream()
                    .filter(message -> !message.judged && isOver(log, message, now, patience))
                    .forEach(message -> {
                        message.judged = true;
                        judged.add(message);
                    });
        });
        while (judged.size() > MOST_JUDGED) {
            TopicCase oldest = judged.remove();
            log(oldest.send.product(), oldest.send.topic()).forget(oldest);
        }
        broadcasts.look(now, patience);
    }

    private void look(UserTopic user, long now) {
        for (EndpointCase endpoint : user.account.endpoints()) {
            FollowCase own = user.of(endpoint);
            own.acks.harden(faults, now);
            if (!endpoint.mayForget(faults, now)) {
                own.isForgotten(now);
            }
        }
    }

    private static boolean isOver(TopicLog log, TopicCase message, long now, long patience) {
        if (!message.over || message.open > 0) {
            return false;
        }
        return message.isAnswered()
                ? now > message.expiresAt() + patience
                        || log.owed(message).findAny().isEmpty()
                : now > message.lastAnswerAt + patience;
    }

    private Stream<TopicLog.Owed> owed(long sentBefore, long now) {
        return all().flatMap(log -> log.cases().stream()
                .filter(message -> message.isDue(sentBefore, now))
                .flatMap(log::owed));
    }

    /** How many messages somebody must still get, of what was answered with success before a moment. */
    long countOwed(long sentBefore, long now) {
        return owed(sentBefore, now).count() + broadcasts.countOwed(sentBefore, now);
    }

    void stranded(long sentBefore, long now) {
        owed(sentBefore, now)
                .filter(owed -> owed.endpoint().hasLive(sentBefore))
                .toList()
                .forEach(owed -> {
                    owed.message().stranded = true;
                    String what = "waits, though who follows its topic is connected and nothing is wrong";
                    findings.add(1, what, now, owed.message(), owed.endpoint());
                });
        broadcasts.stranded(sentBefore, now);
    }

    void finish(long now) {
        owed(now, now)
                .filter(owed -> !owed.message().stranded)
                .toList()
                .forEach(owed -> findings.add(
                        1, "lost: it never arrived at who follows its topic", now, owed.message(), owed.endpoint()));
        broadcasts.finish(now);
    }

    /** How many messages are held in memory. */
    int size() {
        return all().mapToInt(log -> log.cases().size()).sum() + broadcasts.size();
    }
}
