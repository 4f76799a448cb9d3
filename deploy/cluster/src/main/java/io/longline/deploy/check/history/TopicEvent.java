package io.longline.deploy.check.history;

import io.longline.deploy.check.history.Event.Session;
import org.jspecify.annotations.Nullable;

/** One thing that happened to a topic, or to those who follow it. */
public sealed interface TopicEvent extends Event {

    /** Of one message. */
    sealed interface OfMessage extends TopicEvent {
        TopicSending send();
    }

    /** Of what a back end has a user follow. */
    sealed interface OfUser extends TopicEvent {
        UserWish wish();
    }

    /** Of one topic in one session. */
    sealed interface OfSession extends TopicEvent {
        Session session();

        String topic();
    }

    // ---- messages ----

    record SendBegun(long at, TopicSending send, int attempt, String center) implements OfMessage {}

    /**
     * An answer.
     *
     * @param offset 0 where it is no success
     */
    record Answered(long at, TopicSending send, int attempt, String center, long begunAt, Answer answer, long offset)
            implements OfMessage {}

    /**
     * No answer came.
     *
     * @param refused nobody listened there, so that it certainly did not happen
     */
    record Unanswered(long at, TopicSending send, int attempt, String center, long begunAt, boolean refused, String how)
            implements OfMessage {}

    /** Nobody will try again. */
    record SendOver(long at, TopicSending send) implements OfMessage {}

    // ---- back ends have users follow ----

    record WishBegun(long at, UserWish wish) implements OfUser {}

    /**
     * One attempt at it.
     *
     * @param answer null: none came
     * @param refused nobody listened there, so that it certainly did not happen
     */
    record WishTried(
            long at,
            UserWish wish,
            String center,
            long begunAt,
            @Nullable Answer answer,
            boolean refused) implements OfUser {}

    /** Nobody will try again. */
    record WishOver(long at, UserWish wish) implements OfUser {}

    // ---- clients ----

    /** The bind says where to go on, if the topic is followed. */
    record Named(long at, Session session, String topic, long after) implements OfSession {}

    /**
     * A client is about to say what it wants.
     *
     * @param allowed whether its token lets it follow the topic
     */
    record ClientWish(long at, Session session, String topic, boolean follow, boolean allowed) implements OfSession {}

    /** The room says that it sends what is behind the offset. */
    record Subscribed(long at, Session session, String topic, long offset) implements OfSession {}

    /**
     * What the client wished, or where it wanted to go on, is not so.
     *
     * @param allowed likewise
     */
    record Refused(long at, Session session, String topic, String reason, boolean allowed) implements OfSession {}

    record Gap(long at, Session session, String topic, long firstOffset) implements OfSession {}

    /**
     * A push came over the link.
     *
     * @param stamp null where the payload is none of ours
     */
    record Delivered(
            long at,
            Session session,
            String topic,
            long offset,
            String messageId,
            @Nullable Stamp stamp,
            long ttlMs) implements OfSession {}

    /** The SDK handed it to the app. */
    record Handed(
            long at,
            Session session,
            String topic,
            long offset,
            String messageId,
            @Nullable Stamp stamp,
            boolean maybeRepeated)
            implements OfSession {}

    record AckSent(long at, Session session, String topic, long offset) implements OfSession {}

    /** The app has ended, and with it what its SDK would still have said of topics. */
    record AppEnded(long at, EndpointId endpoint) implements TopicEvent {}
}
