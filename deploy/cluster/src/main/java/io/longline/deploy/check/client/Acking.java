package io.longline.deploy.check.client;

/** When a client acknowledges what it got. */
public enum Acking {
    AT_ONCE,
    /** After each ten, and whenever it looks at its watch. */
    BATCHED,
    /** Some seconds later. */
    LATE,
    NEVER
}
