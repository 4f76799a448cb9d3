package io.longline.saver.rebuild;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.MysqlReader.Journaled;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What is restored into. All but {@link #begin} fail with SHARD_LOST when the store was lost once more since. Nothing here
 * overwrites what the store has.
 *
 * <p>A rebuild has a name nobody else has.
 */
interface RestoreStore {

    /** False if the shard is as it should be, and nothing was begun. */
    CompletionStage<Boolean> begin(int shard, String rebuild);

    CompletionStage<Void> heir(Heir heir, String rebuild);

    CompletionStage<Void> watermark(Endpoint endpoint, long seq, String rebuild);

    /** True if the message waits now and did not before. */
    CompletionStage<Boolean> message(Endpoint holder, Journaled message, Optional<CopyState> end, String rebuild);

    /** From now on the shard is served. */
    CompletionStage<Void> finish(int shard, String rebuild);
}
