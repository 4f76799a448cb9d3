package io.longline.saver.budget;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What is kept. Asked of a shard, it fails with SHARD_LOST where the store has lost that. */
interface BudgetStore {

    /** Bytes of each kind in a shard. */
    CompletionStage<Map<Kind, Long>> used(int shard);

    /** Puts right what is noted of the inboxes of a shard. */
    CompletionStage<Recount> recount(int shard);

    /** How much memory the store may use, all its nodes together: their limits, or half of what their machines have. */
    CompletionStage<Long> memory();

    /** How many inboxes there are, and by how many bytes what was noted was wrong. */
    record Recount(long inboxes, long wrong) {}
}
