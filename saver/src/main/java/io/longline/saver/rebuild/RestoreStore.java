package io.longline.saver.rebuild;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.MysqlReader.Acked;
import io.longline.saver.journal.MysqlReader.Journaled;
import io.longline.saver.journal.MysqlReader.JournaledSchedule;
import io.longline.saver.journal.MysqlTopicReader.Passed;
import io.longline.saver.topic.TopicLimits;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What is restored into. All but {@link #begin} fail with SHARD_LOST when the store was lost once more since. Nothing here
 * overwrites what the store has.
 *
 * <p>A rebuild has a name nobody else has.
 */
interface RestoreStore {

    /** Empty if the shard is as it should be, and nothing was begun. */
    CompletionStage<Optional<Begun>> begin(int shard, String rebuild);

    /**
     * Carries a decision of the journal out. The answer is what the journal has to be told of it: what moved to another seq;
     * then {@link #kept} is due.
     */
    CompletionStage<List<JournalEntry>> heir(Heir heir, String rebuild);

    /** The journal has what carrying this decision out has changed. */
    CompletionStage<Void> kept(Heir heir, String rebuild);

    /** All of one shard. */
    CompletionStage<Void> watermarks(int shard, List<Acked> watermarks, String rebuild);

    /** All of one shard, those of a user in the order of their seqs; how many wait now and did not before. */
    CompletionStage<Integer> messages(int shard, List<Copy> copies, String rebuild);

    /** Of one shard: what is to be sent later, and what of it has ended; how many are kept now and were not before. */
    CompletionStage<Integer> schedule(int shard, List<JournaledSchedule> messages, String rebuild);

    /** Messages of topics of one shard, those of a topic in the order of their offsets; how many are there again. */
    CompletionStage<Integer> topics(int shard, List<Published> messages, TopicLimits limits, String rebuild);

    /** Of one shard, behind its messages: what became of broadcasts. */
    CompletionStage<Void> settled(int shard, List<Settled> settled, String rebuild);

    /** Up to where endpoints of one shard have acknowledged topics. */
    CompletionStage<Void> offsets(int shard, List<Passed> offsets, String rebuild);

    /** From now on the shard is served. */
    CompletionStage<Void> finish(int shard, String rebuild);

    /** Notes of each of all shards that is whole that it is; answers how many are. */
    CompletionStage<Integer> noteWhole();

    /**
     * A rebuild that has begun.
     *
     * @param nowMs the time of the store
     * @param wholeAtMs all that was done before that time is there, by the clock that seqs are led by; 0: nobody knows
     */
    record Begun(long nowMs, long wholeAtMs) {}

    /** A message of a topic, and what is left of it. */
    record Published(TopicRow row, Left left) {}

    /** What is left of a message of a topic. Nobody may read one that is gone, though its id is known. */
    enum Left {
        ALL(0),
        /** It has expired, or left its log. */
        ID(1),
        /** It was removed. */
        REMOVED(2);

        private final int code;

        Left(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** A message of the journal, who has it by now, and what became of it as far as the journal knows. */
    record Copy(Endpoint holder, Journaled message, Optional<CopyState> end) {}
}
