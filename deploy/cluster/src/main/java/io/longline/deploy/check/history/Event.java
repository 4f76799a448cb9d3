package io.longline.deploy.check.history;

import org.jspecify.annotations.Nullable;

/** One thing that happened, and when: nanoseconds since the history began. A session is one bind of one endpoint on one link. */
public sealed interface Event
        permits Event.OfMessage,
                Event.OfDevice,
                Event.OfSession,
                TopicEvent,
                BroadcastEvent,
                CallEvent,
                Event.FaultBegun,
                Event.FaultEnded,
                Event.Broken {

    long at();

    /** Of one message. */
    sealed interface OfMessage extends Event {
        Sending send();
    }

    /** Of one device, done by a back end. */
    sealed interface OfDevice extends Event {
        EndpointId endpoint();
    }

    /** Of one bind of an endpoint. */
    sealed interface OfSession extends Event {
        Session session();
    }

    /**
     * One bind of one endpoint on one link.
     *
     * @param number unique in the run
     * @param client who binds, in words
     * @param named the seq that the bind names, 0 for none
     * @param sdk whether the SDK binds: its app is promised each message once
     */
    record Session(int number, EndpointId endpoint, String client, String room, long named, boolean sdk) {

        @Override
        public String toString() {
            return "session " + number + " (" + client + ", " + room + ")";
        }
    }

    record SendBegun(long at, Sending send, int attempt, String center) implements OfMessage {}

    record Answered(long at, Sending send, int attempt, String center, long begunAt, Answer answer)
            implements OfMessage {}

    /**
     * No answer came.
     *
     * @param refused nobody listened there, so that it certainly did not happen
     */
    record Unanswered(long at, Sending send, int attempt, String center, long begunAt, boolean refused, String how)
            implements OfMessage {}

    /** Nobody will try again. */
    record SendOver(long at, Sending send) implements OfMessage {}

    /** {@code GET} of the message. */
    record Looked(long at, Sending send, String center, long begunAt, Answer answer) implements OfMessage {}

    /**
     * {@code GET} of the job whose message it is.
     *
     * @param job null: the answer is an error
     */
    record JobTold(
            long at,
            Sending send,
            String center,
            long begunAt,
            Answer answer,
            @Nullable JobState job) implements OfMessage {}

    /** The id of a message that was answered with success is about to be sent once more with another body. */
    record ContradictBegun(long at, Sending send, String center) implements OfMessage {}

    /** What was answered to the other body. */
    record Contradicted(long at, Sending send, String center, long begunAt, Answer answer) implements OfMessage {}

    /** It is about to be recalled. */
    record RecallBegun(long at, Sending send, String center) implements OfMessage {}

    /** What was answered to the recall. */
    record Recalled(long at, Sending send, String center, long begunAt, Answer answer) implements OfMessage {}

    /** A back end is about to have a device forgotten. */
    record ForgetBegun(long at, EndpointId endpoint) implements OfDevice {}

    /**
     * One attempt at it.
     *
     * @param answer null: none came
     * @param refused nobody listened there, so that it certainly did not happen
     */
    record ForgetTried(
            long at,
            EndpointId endpoint,
            String center,
            long begunAt,
            @Nullable Answer answer,
            boolean refused) implements OfDevice {}

    /**
     * Nobody will try again.
     *
     * @param begunAt when it was begun
     * @param done whether it was answered with success
     */
    record ForgetOver(long at, EndpointId endpoint, long begunAt, boolean done) implements OfDevice {}

    record Binding(long at, Session session) implements OfSession {}

    record Bound(long at, Session session, long generation) implements OfSession {}

    /**
     * A push came over the link.
     *
     * @param stamp null where the payload is none of ours
     */
    record Delivered(
            long at,
            Session session,
            long seq,
            String messageId,
            @Nullable Stamp stamp,
            int qos,
            long ttlMs) implements OfSession {}

    /** The SDK handed it to the app. */
    record Handed(
            long at,
            Session session,
            long seq,
            String messageId,
            @Nullable Stamp stamp,
            boolean maybeRepeated) implements OfSession {}

    record AckSent(long at, Session session, long seq) implements OfSession {}

    record CaughtUp(long at, Session session, long seq) implements OfSession {}

    /** The client reads no more, and does not say so. */
    record Deaf(long at, Session session) implements OfSession {}

    /**
     * The session is over, or was never bound.
     *
     * @param code a close code of the room; 0: the link broke, or the client dropped it
     */
    record Ended(long at, Session session, int code, String how) implements OfSession {}

    /**
     * The device wants to be forgotten.
     *
     * @param done false: it was asked for; true: it was answered
     */
    record Forgot(long at, Session session, boolean done) implements OfSession {}

    record FaultBegun(long at, Fault fault) implements Event {}

    record FaultEnded(long at, Fault fault) implements Event {}

    /** Who drives the run saw with its own eyes that a promise was broken. */
    record Broken(long at, int promise, String what) implements Event {}
}
