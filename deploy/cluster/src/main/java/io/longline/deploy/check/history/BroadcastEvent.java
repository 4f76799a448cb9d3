package io.longline.deploy.check.history;

import org.jspecify.annotations.Nullable;

/** One thing that happened to a broadcast, at its back end. What clients get of it is told as of any topic. */
public sealed interface BroadcastEvent extends Event {

    BroadcastSending send();

    record SendBegun(long at, BroadcastSending send, int attempt, String center) implements BroadcastEvent {}

    /**
     * An answer.
     *
     * @param jobId empty where it is no success
     * @param job null where it is no success
     */
    record Answered(
            long at,
            BroadcastSending send,
            int attempt,
            String center,
            long begunAt,
            Answer answer,
            String jobId,
            @Nullable BroadcastState job)
            implements BroadcastEvent {}

    /**
     * No answer came.
     *
     * @param refused nobody listened there, so that it certainly did not happen
     */
    record Unanswered(
            long at, BroadcastSending send, int attempt, String center, long begunAt, boolean refused, String how)
            implements BroadcastEvent {}

    /** Nobody will try again. */
    record SendOver(long at, BroadcastSending send) implements BroadcastEvent {}

    /**
     * {@code GET} of its job.
     *
     * @param job null: the answer is an error
     */
    record Looked(
            long at,
            BroadcastSending send,
            String center,
            long begunAt,
            Answer answer,
            @Nullable BroadcastState job) implements BroadcastEvent {}

    /** A back end is about to want something else of it. */
    record ChangeBegun(long at, BroadcastSending send, String center, BroadcastWish wish) implements BroadcastEvent {}

    /**
     * What became of that.
     *
     * @param answer null: none came
     * @param job null: there is none, or it is an error
     */
    record Changed(
            long at,
            BroadcastSending send,
            String center,
            long begunAt,
            BroadcastWish wish,
            @Nullable Answer answer,
            @Nullable BroadcastState job)
            implements BroadcastEvent {}

    /** It is about to be recalled. */
    record RecallBegun(long at, BroadcastSending send, String center) implements BroadcastEvent {}

    /**
     * What became of that.
     *
     * @param answer null: none came
     */
    record Recalled(
            long at,
            BroadcastSending send,
            String center,
            long begunAt,
            @Nullable Answer answer) implements BroadcastEvent {}
}
