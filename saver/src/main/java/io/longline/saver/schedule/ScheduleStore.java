package io.longline.saver.schedule;

import io.longline.saver.message.MessageId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where messages are until they are due. Each call is one atomic step in one shard; it fails with SHARD_LOST where the store lost it. */
interface ScheduleStore {

    /** {@code hasRoom}: whether there is memory for a new one. */
    CompletionStage<KeepOutcome> keep(Kept message, boolean hasRoom);

    /** Begins so many of those that are due, fewer where they are large; nobody else begins them for that time. */
    CompletionStage<Due> due(int shard, int limit, Duration begun);

    /** False where another run has begun since, or it is kept no more. */
    CompletionStage<Boolean> finish(MessageId id, long run, List<Unreached> unreached);

    /** Likewise; {@code certain}: it can be recalled until it is begun again. */
    CompletionStage<Boolean> postpone(MessageId id, long run, Duration delay, boolean certain);

    CompletionStage<CancelOutcome> cancel(MessageId id);
}
