package io.longline.coordinator.uplink;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Replies that no inbox has yet, shard by shard. Stages fail with LonglineException while the store is away. */
interface ReplyStore {

    /**
     * Keeps them until they are forgotten, each once.
     *
     * @param replies all of one product
     * @param dueIn when they are to be tried by whoever carries the shard
     */
    CompletionStage<Noted> note(int shard, List<Reply> replies, Duration dueIn);

    /**
     * What was kept.
     *
     * @param waiting in the shard
     * @param kept of each whether there was room
     */
    record Noted(int waiting, List<Boolean> kept) {}

    /** Some that are due; none of them is again before a pause. */
    CompletionStage<Due> due(int shard);

    /**
     * What is to be tried.
     *
     * @param waiting in the shard
     * @param next when there is more to do; empty: when more has come
     * @param unreadable of those that nobody here can read
     */
    record Due(int waiting, Optional<Duration> next, List<Waiting> replies, List<Unreadable> unreadable) {}

    /** For so long. */
    record Waiting(Reply reply, Duration age) {}

    /** A later release may have noted it. */
    record Unreadable(String name, Duration age) {}

    /** They wait no more. */
    CompletionStage<Forgotten> forget(int shard, List<String> names);

    /**
     * What was forgotten.
     *
     * @param waiting in the shard
     * @param were how many of them waited still
     */
    record Forgotten(int waiting, int were) {}
}
