package io.longline.deploy.check;

import io.longline.deploy.check.history.BroadcastEvent;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.TopicEvent;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;

/** The checker's part that judges broadcasts. */
final class Broadcasts {
    private static final int MOST_JUDGED = 500;

    private final FaultLog faults;
    private final Findings findings;
    private final Accounts accounts;
    private final ArrivalRules arrivals;
    private final BroadcastJobRules jobs;
    private final BroadcastArrivalRules broadcastArrivals;
    private final Map<String, BroadcastLog> logs = new HashMap<>();
    private final Queue<BroadcastCase> judged = new ArrayDeque<>();

    Broadcasts(FaultLog faults, Findings findings, AnswerRules answers, ArrivalRules arrivals, Accounts accounts) {
        this.faults = faults;
        this.findings = findings;
        this.accounts = accounts;
        this.arrivals = arrivals;
        this.jobs = new BroadcastJobRules(faults, findings, answers);
        this.broadcastArrivals = new BroadcastArrivalRules(faults, findings, arrivals);
    }

    private BroadcastLog log(String product, String topic) {
        return logs.computeIfAbsent(product + "/" + topic, _ -> new BroadcastLog(product, faults, findings, accounts));
    }

    void accept(BroadcastEvent event) {
        arrivals.sent(event.send().number());
        jobs.accept(log(event.send().product(), event.send().topic()), event);
    }

    /** What a client says or hears of a topic that everybody follows. */
    void accept(TopicEvent.OfSession event) {
        EndpointId id = event.session().endpoint();
        EndpointCase endpoint = accounts.of(id.product(), id.user()).endpoint(id.device());
        endpoint.note(event);
        SessionCase session = endpoint.session(event.session(), event.at());
        BroadcastLog log = log(id.product(), event.topic());
        broadcastArrivals.accept(new BroadcastArrivalRules.Place(log, endpoint, session), event);
    }

    private Stream<BroadcastCase> all() {
        return logs.values().stream().flatMap(log -> log.cases().stream());
    }

    void redisWasLost(long now) {
        all().forEach(broadcast -> broadcast.redisWasLost(faults, now));
    }

    /** To be asked now and then: what is over is forgotten, but for the last {@value #MOST_JUDGED}. */
    void look(long now, long patience) {
        logs.values()
                .forEach(log -> log.cases().stream()
                        .filter(broadcast -> !broadcast.judged && isOver(log, broadcast, now, patience))
                        .forEach(broadcast -> {
                            broadcast.judged = true;
                            judged.add(broadcast);
                        }));
        while (judged.size() > MOST_JUDGED) {
            BroadcastCase oldest = judged.remove();
            log(oldest.send.product(), oldest.send.topic()).forget(oldest);
        }
    }

    private static boolean isOver(BroadcastLog log, BroadcastCase broadcast, long now, long patience) {
        if (!broadcast.over || broadcast.open > 0) {
            return false;
        }
        if (!broadcast.isAnswered()) {
            return now > broadcast.lastAnswerAt + patience;
        }
        return broadcast.hasEnded()
                && now > broadcast.endAt + patience
                && log.owed(broadcast, now).findAny().isEmpty();
    }

    private Stream<BroadcastLog.Owed> owed(long doneBefore, long now) {
        return logs.values().stream()
                .flatMap(log -> log.cases().stream()
                        .filter(broadcast -> broadcast.isDue(doneBefore))
                        .flatMap(broadcast -> log.owed(broadcast, now)));
    }

    /** How often a broadcast must still come to somebody, of those that were done before a moment. */
    long countOwed(long doneBefore, long now) {
        return owed(doneBefore, now).count();
    }

    void stranded(long doneBefore, long now) {
        owed(doneBefore, now)
                .filter(owed -> owed.endpoint().hasLive(doneBefore))
                .toList()
                .forEach(owed -> {
                    owed.broadcast().stranded = true;
                    String what = "is done and waits, though its endpoint is connected and nothing is wrong";
                    findings.add(1, what, now, owed.broadcast(), owed.endpoint());
                });
    }

    void finish(long now) {
        all().filter(broadcast -> broadcast.isAnswered() && !broadcast.hasEnded())
                .forEach(broadcast -> findings.add(10, "was accepted, and is not finished", now, broadcast, null));
        owed(now, now)
                .filter(owed -> !owed.broadcast().stranded)
                .toList()
                .forEach(owed ->
                        findings.add(1, "lost: it is done, and never arrived", now, owed.broadcast(), owed.endpoint()));
    }

    /** How many are held in memory. */
    int size() {
        return logs.values().stream().mapToInt(log -> log.cases().size()).sum();
    }
}
