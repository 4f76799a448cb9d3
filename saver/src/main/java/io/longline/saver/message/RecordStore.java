package io.longline.saver.message;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where records are. Each call is one atomic step in one shard; it fails with SHARD_LOST where the store lost it. */
interface RecordStore {

    /** {@code hasRoom}: whether there is memory for a new one. */
    CompletionStage<ClaimOutcome> claim(MessageId id, byte[] bodyHash, boolean hasRoom);

    /**
     * To whom it went; what two runs told remains.
     *
     * @param bodyHash of the claim; empty where there was none
     */
    CompletionStage<RecordOutcome> record(MessageId id, byte[] bodyHash, Recorded message);

    /** Empty: no such message was recorded or recalled, and none is to be sent later. */
    CompletionStage<Optional<MessageRecord>> told(MessageId id);

    CompletionStage<CopyStatus> look(Told copy, String messageId);

    /** As {@link #look}, and how it got there. */
    CompletionStage<CopyTrace> trace(Told copy, String messageId);

    /**
     * To whom a message went, as it is recorded.
     *
     * @param acceptedAtMs 0: not known
     * @param center that accepted it; empty: not known
     * @param partial of users at whose other devices it failed
     */
    record Recorded(long acceptedAtMs, String center, List<Told> copies, List<Told> partial) {}
}
