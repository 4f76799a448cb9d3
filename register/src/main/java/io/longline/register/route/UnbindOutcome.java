package io.longline.register.route;

/** What became of an unbind. {@code atMs} is when, by the clock of Redis. */
public sealed interface UnbindOutcome {

    long atMs();

    /** Another bind has the endpoint; nothing was changed. {@code newer} is its generation, 0 where nobody knows the device. */
    record NotOwner(long newer, long atMs) implements UnbindOutcome {}

    record Unbound(long atMs) implements UnbindOutcome {}

    /** Unbound, and the device is no longer known. The journal has to be told, under this generation. */
    record Forgotten(long generation, long atMs) implements UnbindOutcome {}
}
