package io.longline.deploy.check.history;

import io.longline.deploy.check.history.Event.Session;
import org.jspecify.annotations.Nullable;

/** The part of a {@link History} that is about topics. Any thread writes. */
public final class TopicHistory {
    private final History history;

    TopicHistory(History history) {
        this.history = history;
    }

    // ---- back ends ----

    public long sendBegun(TopicSending send, int attempt, String center) {
        return history.add(at -> new TopicEvent.SendBegun(at, send, attempt, center));
    }

    public void answered(TopicSending send, int attempt, String center, long begunAt, Answer answer, long offset) {
        history.add(at -> new TopicEvent.Answered(at, send, attempt, center, begunAt, answer, offset));
    }

    public void unanswered(TopicSending send, int attempt, String center, long begunAt, boolean refused, String how) {
        history.add(at -> new TopicEvent.Unanswered(at, send, attempt, center, begunAt, refused, how));
    }

    public void sendOver(TopicSending send) {
        history.add(at -> new TopicEvent.SendOver(at, send));
    }

    public void wishBegun(UserWish wish) {
        history.add(at -> new TopicEvent.WishBegun(at, wish));
    }

    public void wishAnswered(UserWish wish, String center, long begunAt, Answer answer) {
        history.add(at -> new TopicEvent.WishTried(at, wish, center, begunAt, answer, false));
    }

    public void wishUnanswered(UserWish wish, String center, long begunAt, boolean refused) {
        history.add(at -> new TopicEvent.WishTried(at, wish, center, begunAt, null, refused));
    }

    public void wishOver(UserWish wish) {
        history.add(at -> new TopicEvent.WishOver(at, wish));
    }

    // ---- clients ----

    public void named(Session session, String topic, long after) {
        history.add(at -> new TopicEvent.Named(at, session, topic, after));
    }

    public void wish(Session session, String topic, boolean follow, boolean allowed) {
        history.add(at -> new TopicEvent.ClientWish(at, session, topic, follow, allowed));
    }

    public void subscribed(Session session, String topic, long offset) {
        history.add(at -> new TopicEvent.Subscribed(at, session, topic, offset));
    }

    public void refused(Session session, String topic, String reason, boolean allowed) {
        history.add(at -> new TopicEvent.Refused(at, session, topic, reason, allowed));
    }

    public void gap(Session session, String topic, long firstOffset) {
        history.add(at -> new TopicEvent.Gap(at, session, topic, firstOffset));
    }

    public void delivered(
            Session session, String topic, long offset, String messageId, @Nullable Stamp stamp, long ttlMs) {
        history.add(at -> new TopicEvent.Delivered(at, session, topic, offset, messageId, stamp, ttlMs));
    }

    public void handed(
            Session session,
            String topic,
            long offset,
            String messageId,
            @Nullable Stamp stamp,
            boolean maybeRepeated) {
        history.add(at -> new TopicEvent.Handed(at, session, topic, offset, messageId, stamp, maybeRepeated));
    }

    public void ackSent(Session session, String topic, long offset) {
        history.add(at -> new TopicEvent.AckSent(at, session, topic, offset));
    }

    public void appEnded(EndpointId endpoint) {
        history.add(at -> new TopicEvent.AppEnded(at, endpoint));
    }
}
