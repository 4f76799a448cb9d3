package io.longline.register.route;

/** What became of a bind. */
public sealed interface BindOutcome {

    /** The session has the endpoint, under this generation. */
    record Bound(long generation, Replaced replaced) implements BindOutcome {}

    /**
     * The device is new, and no route was changed: a device is journaled before it is bound. Tell the journal under this
     * generation and bind again.
     */
    record NotJournaled(long generation) implements BindOutcome {}

    /** The session's room is taken for dead, or another start of it lives. */
    record IncarnationGone() implements BindOutcome {}

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
