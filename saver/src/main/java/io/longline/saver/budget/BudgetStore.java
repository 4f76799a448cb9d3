package io.longline.saver.budget;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What is kept. Asked of a shard, it fails with SHARD_LOST where the store has lost that. */
interface BudgetStore {

    /** Bytes of each kind in a shard. */
    CompletionStage<Map<Kind, Long>> used(int shard);

    /** Puts right what is noted of the inboxes of a shard. */
    CompletionStage<Recount> recount(int shard);

    /** Puts right what is noted of the topics of a shard, and lets go what has expired in their logs; answers by how many bytes it was wrong. */
    CompletionStage<Long> recountTopics(int shard);

    /** Gives up the oldest of what only explains in a shard, until so many bytes are free, or so many records are gone. */
    CompletionStage<GivenUp> giveUp(int shard, long bytes, int most);

    /**
     * How much memory the store may use, all its nodes together: their limits, or half of what their machines have. While one that
     * serves something is away it fails with DEPENDENCY_DOWN: the others alone may use less.
     */
    CompletionStage<Long> memory();

    record GivenUp(long records, long bytes) {}

    /** How many inboxes there are, and by how many bytes what was noted was wrong. */
    record Recount(long inboxes, long wrong) {}
}
