package io.longline.deploy.check;

import io.longline.deploy.check.history.BroadcastEvent;
import io.longline.deploy.check.history.CallEvent;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.TopicEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Reads a history as it grows and says which promises were broken. {@link #judge} now and then keeps its memory bounded: what
 * is finally judged is forgotten, but for the last {@value #MOST_JUDGED} messages, whose history may still be asked for.
 * {@link #finish} is called when all is healed and every endpoint has connected and read its inbox to the end.
 */
public final class Checker {
    private static final int MOST_JUDGED = 20_000;

    /** What could still come is waited for so long before it is forgotten. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

    private static final long LOOK_EACH = TimeUnit.SECONDS.toNanos(1);

    private final History history;
    private final FaultLog faults = new FaultLog();
    private final Findings findings = new Findings(faults);
    private final LaterRules later = new LaterRules(faults, findings);
    private final AnswerRules answers = new AnswerRules(faults, findings, later);
    private final ArrivalRules arrivals = new ArrivalRules(faults, findings, later);
    private final ForgetRules forgets = new ForgetRules(faults, findings, answers);
    private final Accounts accounts = new Accounts(faults, findings);
    private final Calls calls = new Calls(faults, findings, answers, arrivals, accounts);
    private final BindRules binds = new BindRules(faults, findings, calls.kicks);
    private final Broadcasts broadcasts = new Broadcasts(faults, findings, answers, arrivals, accounts);
    private final Topics topics = new Topics(faults, findings, answers, arrivals, accounts, broadcasts);
    private final Queue<Sending> judged = new ArrayDeque<>();
    private long lookedAt;
    private int open;

    public Checker(History history) {
        this.history = history;
    }

    /** Judges what was recorded since the last call. */
    public synchronized void judge() {
        history.take().forEach(this::accept);
        long now = history.time();
        if (now - lookedAt >= LOOK_EACH) {
            lookedAt = now;
            open = 0;
            accounts.all().forEach(account -> look(account, now));
            topics.look(now, PATIENCE);
            calls.look(now, PATIENCE);
        }
    }

    private void accept(Event event) {
        switch (event) {
            case Event.OfMessage message -> {
                arrivals.sent(message.send().number());
                answers.accept(
                        accounts.of(message.send().product(), message.send().user()), message);
            }
            case Event.OfDevice device -> {
                Account account = accounts.of(
                        device.endpoint().product(), device.endpoint().user());
                EndpointCase endpoint = account.endpoint(device.endpoint().device());
                endpoint.note(event);
                forgets.accept(account, endpoint, device);
                if (device instanceof Event.ForgetBegun) {
                    topics.forget(account, endpoint, device.at());
                }
            }
            case Event.OfSession session -> {
                EndpointId endpoint = session.session().endpoint();
                Account account = accounts.of(endpoint.product(), endpoint.user());
                accept(account, account.endpoint(endpoint.device()), session);
            }
            case TopicEvent topic -> topics.accept(topic);
            case CallEvent call -> calls.accept(call);
            case BroadcastEvent broadcast -> broadcasts.accept(broadcast);
            case Event.FaultBegun begun -> {
                faults.begun(begun);
                if (begun.fault().losesRedis()) {
                    redisWasLost(begun.fault(), begun.at());
                }
            }
            case Event.FaultEnded ended -> {
                faults.ended(ended);
                if (ended.fault().losesRedis()) {
                    redisWasLost(ended.fault(), ended.at());
                }
            }
            case Event.Broken broken -> findings.add(broken.promise(), broken.what(), broken.at());
        }
    }

    private void redisWasLost(Fault fault, long at) {
        calls.redisWasLost(fault, faults.begunAt(fault, at), at);
        accounts.all().forEach(account -> account.redisWasLost(at));
        topics.redisWasLost(at);
    }

    private void accept(Account account, EndpointCase endpoint, Event.OfSession event) {
        endpoint.note(event);
        calls.session(event);
        if (event instanceof Event.Binding binding) {
            topics.binding(account, endpoint, endpoint.begin(binding));
            return;
        }
        SessionCase session = endpoint.session(event.session(), event.at());
        switch (event) {
            case Event.Binding binding -> {}
            case Event.Bound bound -> binds.bound(endpoint, session, bound);
            case Event.Delivered push -> arrivals.delivered(account, session, push);
            case Event.Handed push -> arrivals.handed(account, session, push);
            case Event.Deaf deaf -> session.deaf = true;
            case Event.Ended ended -> {
                binds.ended(endpoint, session, ended);
                endpoint.sessionEnded(ended.at());
                topics.ended(account, endpoint, session, ended.at());
            }
            case Event.Forgot forgot -> {
                forgets.forgot(account, endpoint, forgot);
                topics.forget(account, endpoint, forgot.at());
            }
            case Event.AckSent ack -> {}
            case Event.CaughtUp up -> {}
        }
    }

    private void look(Account account, long now) {
        for (EndpointCase endpoint : account.endpoints()) {
            endpoint.harden(faults, now);
            binds.look(endpoint, now);
        }
        for (MessageCase message : account.messages()) {
            if (!message.judged && message.isOver(now, account, PATIENCE)) {
                message.judged = true;
                if (message.wentAstray(account)) {
                    findings.add(4, "arrived at a device that the answer does not name", now, message, null);
                }
                judged.add(message.send);
            }
            open += message.judged ? 0 : 1;
        }
        while (judged.size() > MOST_JUDGED) {
            Sending oldest = judged.remove();
            accounts.of(oldest.product(), oldest.user()).forget(oldest);
        }
    }

    /** A message that somebody must still get, and its id. */
    public record Owed(Sending send, String id) {}

    /** What somebody must still get, of what was answered with success before a moment. */
    public synchronized List<Owed> owed(long sentBefore) {
        long now = history.time();
        return accounts.all()
                .flatMap(account -> account.messages().stream()
                        .filter(message -> isDue(message, sentBefore, now)
                                && message.copies().anyMatch(copy -> account.isOwed(message, copy))))
                .map(message -> new Owed(message.send, String.valueOf(message.id)))
                .toList();
    }

    /** How often somebody must still get a message of a topic, of what was answered with success before a moment. */
    public synchronized long owedOfTopics(long sentBefore) {
        return topics.countOwed(sentBefore, history.time());
    }

    /** How many uplinks and replies have not come to whom they must. */
    public synchronized long owedOfCalls() {
        return calls.countOwed();
    }

    /** Of how many endpoints back ends were last told something else than what is so now. */
    public synchronized long untoldPresence() {
        return calls.countUntold(history.time());
    }

    private static boolean isDue(MessageCase message, long sentBefore, long now) {
        return message.isAnswered()
                && Math.max(message.successAt, message.startsAt) < sentBefore
                && message.expiresAt() > now;
    }

    /** What was to be sent before a moment, and of which nobody has said yet to whom it was. */
    public synchronized List<Owed> untold(long dueBefore) {
        long now = history.time();
        return accounts.all()
                .flatMap(account -> account.messages().stream())
                .filter(message -> isUnsent(message, dueBefore, now))
                .map(message -> new Owed(message.send, String.valueOf(message.id)))
                .toList();
    }

    private static boolean isUnsent(MessageCase message, long dueBefore, long now) {
        return message.isUntold() && !message.recalled && !message.mayBeLost && isDue(message, dueBefore, now);
    }

    /** How many messages are held in memory. */
    synchronized int remembered() {
        return accounts.all().mapToInt(Account::size).sum() + topics.size() + calls.size();
    }

    /** How many messages were not finally judged when last looked. */
    public synchronized int open() {
        return open;
    }

    /**
     * Nothing has been wrong for a while, and whoever is connected should have what was sent to it: what waits all the same is
     * stranded. To be called before clients connect anew.
     *
     * @param sentBefore what was answered later may still be under way
     */
    public synchronized void stranded(long sentBefore) {
        judge();
        long now = history.time();
        for (Account account : accounts.all().toList()) {
            for (MessageCase message : account.messages()) {
                message.copies()
                        .filter(copy -> isDue(message, sentBefore, now) && account.isOwed(message, copy))
                        .map(copy -> account.endpoint(copy.device))
                        .filter(endpoint -> endpoint.hasLive(sentBefore))
                        .forEach(endpoint -> {
                            message.stranded = true;
                            String what = "waits, though its endpoint is connected and nothing is wrong";
                            findings.add(1, what, now, message, endpoint);
                        });
            }
        }
        topics.stranded(sentBefore, now);
    }

    /** The end: whoever has not got what it was promised by now has lost it. */
    public synchronized List<Violation> finish() {
        judge();
        long now = history.time();
        for (Account account : accounts.all().toList()) {
            for (MessageCase message : account.messages()) {
                boolean told = message.copies().anyMatch(copy -> copy.listed);
                if (isUnsent(message, now, now) && !told) {
                    findings.add(1, "is due, and was not sent", now, message, null);
                }
                if (isDue(message, now, now) && !message.stranded) {
                    message.copies()
                            .filter(copy -> account.isOwed(message, copy))
                            .forEach(copy -> findings.add(
                                    1, "lost: it never arrived", now, message, account.endpoint(copy.device)));
                }
            }
        }
        topics.finish(now);
        calls.finish(now);
        return findings.all();
    }

    public synchronized List<Violation> violations() {
        return findings.all();
    }

    /** How often each promise was broken, also beyond what {@link #violations} holds. */
    public synchronized Map<Integer, Long> broken() {
        return findings.byPromise();
    }
}
