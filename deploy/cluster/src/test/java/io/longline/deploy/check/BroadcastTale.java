package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.BroadcastHistory;
import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.BroadcastState;
import io.longline.deploy.check.history.BroadcastWish;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Stamp;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sentences of a {@link Tale} that are about the topic {@code *}. Each takes a millisecond. */
final class BroadcastTale {
    static final String ALL = "*";
    static final Answer OK = new Answer(200, "", List.of(), false, null, null);

    final Tale tale = new Tale();
    private final BroadcastHistory history = tale.history.broadcasts();
    private int numbers;

    private long tick() {
        tale.passes(Duration.ofMillis(1));
        return tale.history.time();
    }

    BroadcastTale passes(Duration time) {
        tale.passes(time).checker.judge();
        return this;
    }

    // ---- back ends ----

    BroadcastSending broadcast() {
        return broadcast(Duration.ofDays(1), true, 0);
    }

    BroadcastSending broadcast(Duration ttl, boolean journaled, int ratePerS) {
        int number = numbers++;
        return new BroadcastSending(number, "shop", ALL, "b" + number, ttl, journaled, ratePerS, 0);
    }

    /** Sent, taken, and nobody tries again. */
    BroadcastSending taken() {
        return taken(broadcast());
    }

    BroadcastSending taken(BroadcastSending send) {
        return answered(send, 1, success(send), "j" + send.number());
    }

    /** A center is asked once more, and answers. */
    BroadcastSending answered(BroadcastSending send, int attempt, Answer answer, String jobId) {
        tick();
        long begunAt = history.sendBegun(send, attempt, Tale.CENTER);
        tick();
        BroadcastState job = attempt == 1 && answer.isSuccess() ? queued() : null;
        history.answered(send, attempt, Tale.CENTER, begunAt, answer, jobId, job);
        history.sendOver(send);
        return send;
    }

    static Answer success(BroadcastSending send) {
        return new Answer(202, send.messageId() + "", List.of(), false, null, null);
    }

    static BroadcastState queued() {
        return new BroadcastState("queued", "", 0, 0, 0, 0, 0, 0);
    }

    /** One that is {@code running}, {@code paused} and so on, with this offset, and one session left of one. */
    static BroadcastState open(String state, long offset) {
        return new BroadcastState(state, "", offset, 1, 0, 0, 0, 1);
    }

    static BroadcastState done(long offset) {
        return new BroadcastState("done", "", offset, 1, 1, 0, 0, 0);
    }

    static BroadcastState cancelled(String reason) {
        return new BroadcastState("cancelled", reason, 0, 0, 0, 0, 0, 0);
    }

    /** A back end asks how far it is. */
    BroadcastTale is(BroadcastSending send, BroadcastState job) {
        long begunAt = tick();
        tick();
        history.looked(send, Tale.CENTER, begunAt, OK, job);
        return this;
    }

    /** Taken, and told to be done. */
    BroadcastSending done(BroadcastSending send, long offset) {
        is(taken(send), done(offset));
        return send;
    }

    BroadcastTale changes(BroadcastSending send, BroadcastWish wish, BroadcastState job) {
        tick();
        long begunAt = history.changeBegun(send, Tale.CENTER, wish);
        tick();
        history.changed(send, Tale.CENTER, begunAt, wish, OK, job);
        return this;
    }

    BroadcastTale cannotChange(BroadcastSending send, BroadcastWish wish) {
        Answer.Problem ended = new Answer.Problem("JOB_STATE_CONFLICT", false, -1, "", "it has ended");
        return answersChange(send, wish, Answer.problem(409, ended));
    }

    /** Answered so that it may be carried out or not. */
    BroadcastTale maybeChanges(BroadcastSending send, BroadcastWish wish) {
        return answersChange(send, wish, Tale.unavailable());
    }

    /** {@code answer} null: none comes. */
    BroadcastTale answersChange(BroadcastSending send, BroadcastWish wish, @Nullable Answer answer) {
        tick();
        long begunAt = history.changeBegun(send, Tale.CENTER, wish);
        tick();
        history.changed(send, Tale.CENTER, begunAt, wish, answer, null);
        return this;
    }

    BroadcastTale recalls(BroadcastSending send) {
        tick();
        long begunAt = history.recallBegun(send, Tale.CENTER);
        tick();
        history.recalled(send, Tale.CENTER, begunAt, OK);
        return this;
    }

    // ---- clients ----

    /** A user of its own, with one device. */
    static EndpointId somebody(int number) {
        return new EndpointId("shop", "s" + number, "phone");
    }

    /** Binds, and says where to go on. */
    Session names(long generation, long offset) {
        tick();
        Session session = tale.history.binding(Tale.PHONE, "client", "room-1", 0);
        tale.history.topics().named(session, ALL, offset);
        tick();
        tale.history.bound(session, generation);
        return session;
    }

    BroadcastTale arrives(Session session, BroadcastSending send, long offset) {
        return arrives(session, send, offset, 60_000);
    }

    BroadcastTale arrives(Session session, BroadcastSending send, long offset, long ttlMs) {
        tick();
        tale.history.topics().delivered(session, ALL, offset, send.messageId() + "", Stamp.of(send), ttlMs);
        return this;
    }

    BroadcastTale handed(Session session, BroadcastSending send, long offset, boolean maybeRepeated) {
        tick();
        tale.history.topics().handed(session, ALL, offset, send.messageId() + "", Stamp.of(send), maybeRepeated);
        return this;
    }
}
