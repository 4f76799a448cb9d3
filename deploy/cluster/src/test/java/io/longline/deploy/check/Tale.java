package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.JobState;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Stamp;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A history as a test tells it, sentence by sentence; each takes a millisecond. User {@code u} has the device {@code phone}. */
final class Tale {
    static final EndpointId PHONE = new EndpointId("shop", "u", "phone");
    static final String CENTER = "center-1";

    private long now;
    final History history = new History(() -> now);
    final Checker checker = new Checker(history);
    private int numbers;
    private int faults;

    Tale passes(Duration time) {
        now += time.toNanos();
        return this;
    }

    private void tick() {
        now += TimeUnit.MILLISECONDS.toNanos(1);
    }

    // ---- back ends ----

    Sending message() {
        return message(Duration.ofDays(1), true, null);
    }

    Sending message(Duration ttl, boolean journaled, @Nullable String collapseKey) {
        int number = numbers++;
        return new Sending(number, "shop", "u", null, "m" + number, 1, ttl, collapseKey, journaled);
    }

    /** One that is due after this time. */
    Sending later(Duration after) {
        return message().at(new Sending.Later(now + after.toNanos(), 0));
    }

    /** One message to several users, a part for each. */
    List<Sending> list(String... users) {
        Sending message = message();
        return List.of(users).stream().map(user -> message.to(user, null)).toList();
    }

    /** Taken in as a job, and nobody tries again. */
    Sending job() {
        Sending send = message().ofJob(now);
        over(answered(send, result("", "accepted", 0)));
        return send;
    }

    /** Kept until it is due, and nobody tries again. */
    Sending scheduled(Sending send) {
        over(answered(send, result("", "scheduled", 0)));
        return send;
    }

    /** Sent, and answered with {@code stored} at this seq of the phone. */
    Sending stored(Sending send, long seq) {
        return answered(send, stored("phone", seq));
    }

    Sending answered(Sending send, Answer.Result... results) {
        return answered(send, Answer.success(code(results), send.messageId() + "", List.of(results), false));
    }

    private static int code(Answer.Result... results) {
        return List.of(results).stream().anyMatch(Answer.Result::isBehind) ? 202 : 200;
    }

    Sending answered(Sending send, Answer answer) {
        return answered(send, answer, Duration.ofMillis(1));
    }

    Sending answered(Sending send, Answer answer, Duration after) {
        tick();
        long begunAt = history.sendBegun(send, 1, CENTER);
        passes(after);
        history.answered(send, 1, CENTER, begunAt, answer);
        return send;
    }

    /** Nobody tries again. */
    Tale over(Sending send) {
        tick();
        history.sendOver(send);
        return this;
    }

    Tale unanswered(Sending send) {
        tick();
        long begunAt = history.sendBegun(send, 1, CENTER);
        tick();
        history.unanswered(send, 1, CENTER, begunAt, false, "reset");
        return this;
    }

    Tale looked(Sending send, Answer.Result... results) {
        tick();
        long begunAt = now;
        tick();
        history.looked(send, CENTER, begunAt, Answer.success(200, send.messageId() + "", List.of(results), false));
        return this;
    }

    /** A back end asks how far its job is. */
    Tale jobIs(Sending send, JobState job) {
        tick();
        long begunAt = now;
        tick();
        Answer answer = new Answer(200, send.messageId() + "", List.of(), false, null, null);
        history.jobTold(send, CENTER, begunAt, answer, job);
        return this;
    }

    Tale recalls(Sending send, Answer.Result... results) {
        tick();
        history.recallBegun(send, CENTER);
        long begunAt = now;
        tick();
        history.recalled(send, CENTER, begunAt, Answer.success(200, send.messageId() + "", List.of(results), false));
        return this;
    }

    /** Looked for, and nobody knows of it. */
    Tale notFound(Sending send) {
        tick();
        long begunAt = now;
        tick();
        Answer.Problem unknown = new Answer.Problem("MESSAGE_NOT_FOUND", false, -1, "", "not known");
        history.looked(send, CENTER, begunAt, Answer.problem(404, unknown));
        return this;
    }

    /** A back end has a device forgotten, and is answered with success. */
    Tale isForgotten(EndpointId device) {
        return isForgotten(device, new Answer(200, "", List.of(), false, null, null));
    }

    Tale isForgotten(EndpointId device, Answer... answers) {
        tick();
        long begunAt = history.forgetBegun(device);
        boolean done = false;
        for (Answer answer : answers) {
            tick();
            history.forgetAnswered(device, CENTER, begunAt, answer);
            done = answer.isSuccess();
        }
        tick();
        history.forgetOver(device, begunAt, done);
        return this;
    }

    static Answer overLimit() {
        return Answer.problem(429, new Answer.Problem("PRODUCT_RATE_EXCEEDED", true, 200, "", "over 5 messages/s"));
    }

    static Answer.Result stored(String device, long seq) {
        return result(device, "stored", seq);
    }

    static Answer.Result result(String device, String status, long seq) {
        return new Answer.Result("u", device, status, "", seq);
    }

    static Answer unavailable() {
        return Answer.problem(503, new Answer.Problem("DEPENDENCY_DOWN", true, 1_000, "redis", "away"));
    }

    // ---- clients ----

    Session bound(long generation) {
        return bound(PHONE, generation, 0);
    }

    Session bound(EndpointId endpoint, long generation, long named) {
        tick();
        Session session = history.binding(endpoint, "client", "room-1", named);
        tick();
        history.bound(session, generation);
        return session;
    }

    /** Asks to be bound, and never hears whether it was. */
    void comes(EndpointId endpoint) {
        tick();
        history.binding(endpoint, "client", "room-1", 0);
    }

    Session sdk() {
        tick();
        Session session = history.sdkBinding(PHONE, "app");
        tick();
        history.bound(session, 0);
        return session;
    }

    Tale arrives(Session session, Sending send, long seq) {
        return arrives(session, send, seq, 60_000);
    }

    Tale arrives(Session session, Sending send, long seq, long ttlMs) {
        tick();
        history.delivered(session, seq, send.messageId() + "", Stamp.of(send), send.qos(), ttlMs);
        return this;
    }

    Tale handed(Session session, Sending send, long seq, boolean maybeRepeated) {
        tick();
        history.handed(session, seq, send.messageId() + "", Stamp.of(send), maybeRepeated);
        return this;
    }

    Tale ends(Session session, int code) {
        tick();
        history.ended(session, code, "");
        return this;
    }

    Tale forgets(Session session) {
        tick();
        history.forgetting(session);
        tick();
        history.ended(session, 3000, "unbound");
        history.forgot(session);
        return this;
    }

    // ---- faults ----

    Fault stops(String instance) {
        return begins(new Fault(++faults, "stop " + instance, Set.of(instance), false, instance.startsWith("saver")));
    }

    Fault begins(Fault fault) {
        tick();
        history.faultBegun(fault);
        return fault;
    }

    Tale heals(Fault fault) {
        tick();
        history.faultEnded(fault);
        return this;
    }

    /** Redis comes back with nothing. */
    Tale redisIsEmptied() {
        Fault fault = begins(new Fault(++faults, "empty redis", Set.of("redis"), true, false));
        return heals(fault);
    }

    // ---- verdict ----

    /** What was to be sent by now, and of which nobody has said to whom it was. */
    List<Checker.Owed> untold() {
        checker.judge();
        return checker.untold(now);
    }

    /** The numbers of the promises that were broken, in the order in which it was found, as text with what was said. */
    List<String> verdict() {
        tick();
        return checker.finish().stream()
                .map(violation -> violation.promise() + ": " + violation.what())
                .toList();
    }
}
