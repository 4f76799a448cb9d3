package io.longline.deploy.check.history;

import org.jspecify.annotations.Nullable;

/** What becomes of a kick. */
public sealed interface KickEvent extends CallEvent {
    Kick kick();

    record Begun(long at, Kick kick) implements KickEvent {}

    /**
     * One attempt at it.
     *
     * @param answer null: none came
     * @param refused nobody listened there, so that it certainly did not happen
     */
    record Tried(
            long at,
            Kick kick,
            String center,
            long begunAt,
            @Nullable Answer answer,
            boolean refused) implements KickEvent {}

    /**
     * Nobody will try again, and nobody is at it.
     *
     * @param done whether it was answered with success, and of a job that it is done
     */
    record Over(long at, Kick kick, long begunAt, boolean done) implements KickEvent {}
}
