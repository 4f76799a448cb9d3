package io.longline.saver.inbox;

import io.longline.saver.endpoint.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where inboxes are. Each call is one atomic step in one shard; it fails with SHARD_LOST, changing nothing, where the store
 * does not have that shard as the journal knows it. An empty answer: messages it concerns are in MySQL alone, and nothing was
 * changed.
 */
interface InboxStore {

    /**
     * Takes a copy.
     *
     * @param limit how many messages the inbox may hold
     * @param hasRoom whether there is memory for a new one
     */
    CompletionStage<Optional<AppendOutcome>> append(NewCopy copy, int limit, boolean hasRoom);

    /** Whether a copy is still there, or another device has taken it over. */
    CompletionStage<Boolean> holds(Endpoint endpoint, String messageId, long seq);

    /** Settles who gets what is stored for {@code default}, now that this endpoint is bound. */
    CompletionStage<Optional<Inheritance>> inherit(Endpoint bound);

    /** Notes that a decision about the heir is in the journal; false if it is not the one in force here. */
    CompletionStage<Boolean> inheritanceKept(Endpoint ofUser, long version);

    /**
     * A session's first reading, by itself; {@code named} is the seq its client has finished with. Empty where that must be
     * acknowledged first, the heir settled, or messages be brought back.
     */
    CompletionStage<Optional<Page>> open(Endpoint endpoint, long named, Reading first);

    /** What a session reads is written from then on. */
    CompletionStage<Optional<Page>> load(Endpoint endpoint, Reading reading);

    CompletionStage<Optional<Watermark>> ack(Endpoint endpoint, Ack ack);

    CompletionStage<Settlement.Settled> settle(Settlement settlement);

    CompletionStage<List<Unsent>> unsent(int shard, long fromSeq, long olderThanMs, int limit);

    CompletionStage<Optional<Long>> pending(Endpoint endpoint);

    /** What was stored beyond {@code uptoSeq} stays; 0: nothing does. */
    CompletionStage<Optional<Forgotten>> forget(Endpoint endpoint, long uptoSeq, DropReason why);

    /** Everything up to {@code seq} is acknowledged; {@code moved} if this call raised it. */
    record Watermark(long seq, boolean moved) {}

    /** An endpoint with a hint that was never settled, and its newest seq. */
    record Unsent(Endpoint endpoint, long seq) {}
}
