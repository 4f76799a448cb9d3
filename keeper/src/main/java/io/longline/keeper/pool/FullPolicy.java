package io.longline.keeper.pool;

/** What a pool does with a task beyond its bound. */
public enum FullPolicy {
    /** The caller gets {@link io.longline.keeper.error.ErrorCode#OVERLOADED}. */
    REJECT,
    /** The caller waits. Never on an event loop. */
    WAIT,
    /** The task is not run, the metric counts it. */
    DROP_AND_COUNT
}
