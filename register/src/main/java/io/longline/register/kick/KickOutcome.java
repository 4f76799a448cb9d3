package io.longline.register.kick;

/** What became of a {@link Kick}. */
public sealed interface KickOutcome {

    /** So many sessions end. */
    record Kicked(int sessions) implements KickOutcome {}

    /** No device of the user is known, and none is blocked. Nothing was changed. */
    record Unknown() implements KickOutcome {}

    /** Too many events wait in the shard for the sessions to be ended. Nothing was changed. */
    record StreamFull() implements KickOutcome {}
}
