package io.longline.deploy.check.history;

import org.jspecify.annotations.Nullable;

/** The part of a {@link History} in which back ends broadcast. Any thread writes. */
public final class BroadcastHistory {
    private final History history;

    BroadcastHistory(History history) {
        this.history = history;
    }

    public long sendBegun(BroadcastSending send, int attempt, String center) {
        return history.add(at -> new BroadcastEvent.SendBegun(at, send, attempt, center));
    }

    public void answered(
            BroadcastSending send,
            int attempt,
            String center,
            long begunAt,
            Answer answer,
            String jobId,
            @Nullable BroadcastState job) {
        history.add(at -> new BroadcastEvent.Answered(at, send, attempt, center, begunAt, answer, jobId, job));
    }

    public void unanswered(
            BroadcastSending send, int attempt, String center, long begunAt, boolean refused, String how) {
        history.add(at -> new BroadcastEvent.Unanswered(at, send, attempt, center, begunAt, refused, how));
    }

    public void sendOver(BroadcastSending send) {
        history.add(at -> new BroadcastEvent.SendOver(at, send));
    }

    public void looked(
            BroadcastSending send, String center, long begunAt, Answer answer, @Nullable BroadcastState job) {
        history.add(at -> new BroadcastEvent.Looked(at, send, center, begunAt, answer, job));
    }

    public long changeBegun(BroadcastSending send, String center, BroadcastWish wish) {
        return history.add(at -> new BroadcastEvent.ChangeBegun(at, send, center, wish));
    }

    /**
     * What became of a wish.
     *
     * @param answer null: none came
     */
    public void changed(
            BroadcastSending send,
            String center,
            long begunAt,
            BroadcastWish wish,
            @Nullable Answer answer,
            @Nullable BroadcastState job) {
        history.add(at -> new BroadcastEvent.Changed(at, send, center, begunAt, wish, answer, job));
    }

    public long recallBegun(BroadcastSending send, String center) {
        return history.add(at -> new BroadcastEvent.RecallBegun(at, send, center));
    }

    /**
     * What became of a recall.
     *
     * @param answer null: none came
     */
    public void recalled(BroadcastSending send, String center, long begunAt, @Nullable Answer answer) {
        history.add(at -> new BroadcastEvent.Recalled(at, send, center, begunAt, answer));
    }
}
