package io.longline.register.route;

import io.longline.register.endpoint.FollowedTopic;
import java.util.List;

/** What became of a bind. {@code atMs} is when, by the clock of Redis. */
public sealed interface BindOutcome {

    /**
     * The device is new, and no route was changed: a device is journaled before it is bound. Tell the journal under this
     * generation and bind again.
     *
     * @param unfollowed what an earlier life of the device followed, whose end the journal may not have heard of
     */
    record NotJournaled(long generation, List<String> unfollowed) implements BindOutcome {

        public NotJournaled {
            unfollowed = List.copyOf(unfollowed);
        }
    }

    /** Something was left on its way to the journal, and no route was changed. Settle it, then bind again; see {@link LeftNotes}. */
    record Left() implements BindOutcome {}

    /** All that is an answer. */
    sealed interface Settled extends BindOutcome {}

    /**
     * The session has the endpoint, under this generation.
     *
     * @param madeWay sessions of the user's other devices that end for it, as the product has it
     * @param untold of these, those for whose event the stream was too full; see {@link Replaced#DROPPED}
     * @param born when the device bound for the first time, a number as generations are; 0: nobody knows
     * @param topics that the endpoint follows, in no order
     */
    record Bound(
            long generation,
            Replaced replaced,
            int madeWay,
            int untold,
            long born,
            long atMs,
            List<FollowedTopic> topics)
            implements Settled {

        public Bound {
            topics = List.copyOf(topics);
        }
    }

    /** So many other devices of the user are connected, and the product lets in no more. Nothing was changed. */
    record Refused(int connected, long atMs) implements Settled {}

    /** The user or the device was kicked for this reason, and may not be bound for so long. Nothing was changed. */
    record Blocked(long leftMs, String reason, long atMs) implements Settled {}

    /** The session was to be bound anew, but was kicked since, under this generation. Nothing was changed. */
    record Kicked(long generation, String reason, long atMs) implements Settled {}

    /** The session was to be bound anew, but this newer one came since. Nothing was changed. */
    record Overtaken(long generation, long atMs) implements Settled {}

    /** The session was to be bound anew, but its device was forgotten since, under this generation. Nothing was changed. */
    record Forgotten(long generation, long atMs) implements Settled {}

    /** It came so much later than it was to, and its session may be gone. Nothing was changed. */
    record Late(long byMs, long atMs) implements Settled {}

    /** The session's room is taken for dead under this incarnation. Nothing was changed. */
    record IncarnationGone() implements Settled {}

    /** What became of the session that had the endpoint before. */
    enum Replaced {
        /** There was none. */
        NOBODY,
        /** The event that ends it was written. */
        TOLD,
        /** The stream of events is full; the old session stays on its link, without a route. */
        DROPPED
    }
}
