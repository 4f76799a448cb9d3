package io.longline.register.route;

/** What became of an unbind. */
public sealed interface UnbindOutcome {

    /** A newer bind has the endpoint; nothing was changed. */
    record NotOwner() implements UnbindOutcome {}

    record Unbound() implements UnbindOutcome {}

    /** Unbound, and the device is no longer known. The journal has to be told, under this generation. */
    record Forgotten(long generation) implements UnbindOutcome {}
}
