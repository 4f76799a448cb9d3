package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.TopicHistory;
import io.longline.deploy.check.history.TopicSending;
import io.longline.deploy.check.history.UserWish;
import java.time.Duration;
import java.util.List;

/** The sentences of a {@link Tale} that are about the topic {@code news}, which user {@code u} may follow. Each takes a millisecond. */
final class TopicTale {
    static final String NEWS = "news";

    static final Answer DONE = new Answer(200, "", List.of(), false, null, null);

    final Tale tale = new Tale();
    private final TopicHistory history = tale.history.topics();
    private int numbers;

    private long tick() {
        tale.passes(Duration.ofMillis(1));
        return tale.history.time();
    }

    TopicTale passes(Duration time) {
        tale.passes(time).checker.judge();
        return this;
    }

    // ---- back ends ----

    TopicSending message() {
        return message(Duration.ofDays(1), true);
    }

    TopicSending message(Duration ttl, boolean journaled) {
        int number = numbers++;
        return new TopicSending(number, "shop", NEWS, "t" + number, ttl, journaled);
    }

    /** Sent, answered with this offset, and nobody tries again. */
    TopicSending sent(TopicSending send, long offset) {
        return answered(send, 1, success(send), offset);
    }

    TopicSending sent(long offset) {
        return sent(message(), offset);
    }

    /** A center is asked once more, and answers. */
    TopicSending answered(TopicSending send, int attempt, Answer answer, long offset) {
        tick();
        long begunAt = history.sendBegun(send, attempt, Tale.CENTER);
        tick();
        history.answered(send, attempt, Tale.CENTER, begunAt, answer, offset);
        history.sendOver(send);
        return send;
    }

    static Answer success(TopicSending send) {
        return new Answer(202, send.messageId() + "", List.of(), false, null, null);
    }

    TopicTale follows() {
        return wish(true, DONE);
    }

    TopicTale leaves() {
        return wish(false, DONE);
    }

    /** A back end wishes, and is answered so, one attempt after the other. */
    TopicTale wish(boolean follow, Answer... answers) {
        UserWish wish = begins(follow);
        for (Answer answer : answers) {
            long begunAt = tick();
            tick();
            history.wishAnswered(wish, Tale.CENTER, begunAt, answer);
        }
        history.wishOver(wish);
        return this;
    }

    UserWish begins(boolean follow) {
        tick();
        UserWish wish = new UserWish("shop", "u", NEWS, follow);
        history.wishBegun(wish);
        return wish;
    }

    /** Answered with success, to an attempt that was begun then. */
    void ends(UserWish wish, long begunAt) {
        tick();
        history.wishAnswered(wish, Tale.CENTER, begunAt, DONE);
        history.wishOver(wish);
    }

    // ---- clients ----

    /** Bound, and told that it follows behind an offset. */
    Session reads(long generation, long offset) {
        Session session = tale.bound(generation);
        subscribed(session, offset);
        return session;
    }

    TopicTale wishes(Session session, boolean follow) {
        return wishes(session, follow, true);
    }

    TopicTale wishes(Session session, boolean follow, boolean allowed) {
        tick();
        history.wish(session, NEWS, follow, allowed);
        return this;
    }

    TopicTale subscribed(Session session, long offset) {
        tick();
        history.subscribed(session, NEWS, offset);
        return this;
    }

    TopicTale refused(Session session, String reason, boolean allowed) {
        tick();
        history.refused(session, NEWS, reason, allowed);
        return this;
    }

    /** Binds, and says where to go on. */
    Session names(long generation, long offset) {
        tick();
        Session session = tale.history.binding(Tale.PHONE, "client", "room-1", 0);
        history.named(session, NEWS, offset);
        tick();
        tale.history.bound(session, generation);
        return session;
    }

    TopicTale gap(Session session, long firstOffset) {
        tick();
        history.gap(session, NEWS, firstOffset);
        return this;
    }

    TopicTale arrives(Session session, TopicSending send, long offset) {
        return arrives(session, send, offset, 60_000);
    }

    TopicTale arrives(Session session, TopicSending send, long offset, long ttlMs) {
        tick();
        history.delivered(session, NEWS, offset, send.messageId() + "", Stamp.of(send), ttlMs);
        return this;
    }

    TopicTale handed(Session session, TopicSending send, long offset, boolean maybeRepeated) {
        tick();
        history.handed(session, NEWS, offset, send.messageId() + "", Stamp.of(send), maybeRepeated);
        return this;
    }
}
