package io.longline.saver.away;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where inboxes leave from and come back to. Each call is one atomic step; it fails with SHARD_LOST where a shard is lost. For how
 * long a client has been away goes by the clock of the store.
 */
interface AwayStore {

    /** Whose client has been away for so long at least, the longest absent first. */
    CompletionStage<List<Absent>> absent(int shard, Duration absence, int most);

    /** The next messages that are to leave; empty where there are none, or they may not. */
    CompletionStage<List<Waiting>> head(Endpoint endpoint, int most);

    /** Takes them out, if they still are the head and the client is still away; false: something has changed. */
    CompletionStage<Boolean> leave(Endpoint endpoint, Duration absence, List<Waiting> head);

    CompletionStage<Away> away(Endpoint endpoint);

    /** Gathers messages of one that comes back, in order; those that have ended are left out. */
    CompletionStage<Gathered> gather(Endpoint endpoint, String name, List<Waiting> messages);

    /** What was gathered is in the inbox again; false: something has changed, and nothing was done. */
    CompletionStage<Boolean> putBack(Endpoint endpoint, String name, Away as, Gathered all);

    /** An endpoint, and when its client showed up last. */
    record Absent(Endpoint endpoint, long seenMs) {}

    record Waiting(long seq, long expiresAtMs, String messageId, ByteString message) {}

    /**
     * What is in MySQL alone.
     *
     * @param upto messages up to this seq may be; 0: none is
     * @param count how many
     * @param acked the watermark: nothing up to there waits
     * @param ackedByDefault the watermark of {@code default}: nor does what was stored for it, whoever inherited since
     */
    record Away(long upto, long count, long acked, long ackedByDefault) {}

    /**
     * What was gathered.
     *
     * @param bytes what it takes
     * @param soonestMs when the first of it expires, 0 where there is none; {@code latestMs} the last
     */
    record Gathered(long count, long bytes, long soonestMs, long latestMs) {
        static final Gathered NOTHING = new Gathered(0, 0, 0, 0);

        Gathered plus(Gathered more) {
            if (count == 0 || more.count == 0) {
                return count == 0 ? more : this;
            }
            return new Gathered(
                    count + more.count,
                    bytes + more.bytes,
                    Math.min(soonestMs, more.soonestMs),
                    Math.max(latestMs, more.latestMs));
        }
    }
}
