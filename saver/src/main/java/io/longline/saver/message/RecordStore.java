package io.longline.saver.message;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where records are. Each call is one atomic step in one shard; it fails with SHARD_LOST where the store lost it. */
interface RecordStore {

    /** Of each target the device that was chosen first stands. {@code hasRoom}: whether there is memory for a new one. */
    CompletionStage<ClaimOutcome> claim(MessageId id, byte[] bodyHash, List<ClaimedTarget> targets, boolean hasRoom);

    /**
     * To whom it went; what two runs told remains.
     *
     * @param bodyHash of the claim; empty where there was none, or it is not known
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
     * @param knownOnly nothing is recorded of an id without a record or a claim
     * @param ofTopic a message to a topic has no copies
     */
    record Recorded(
            long acceptedAtMs,
            String center,
            List<Told> copies,
            List<Told> partial,
            OfClaim ofClaim,
            boolean knownOnly,
            OfTopic ofTopic) {

        /** What nobody claimed. */
        Recorded(long acceptedAtMs, String center, List<Told> copies, List<Told> partial) {
            this(acceptedAtMs, center, copies, partial, OfClaim.NONE, false, OfTopic.NONE);
        }
    }

    /**
     * Targets of a claim of which a record tells.
     *
     * @param told the copies have all that became of them
     * @param never recalled before it was stored there
     */
    record OfClaim(List<ClaimedTarget> told, List<ClaimedTarget> never) {
        static final OfClaim NONE = new OfClaim(List.of(), List.of());
    }
}
