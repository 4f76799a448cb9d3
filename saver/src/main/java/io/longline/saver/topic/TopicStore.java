package io.longline.saver.topic;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.JournalEntry.Settled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where logs are. Each call is one atomic step in one shard; it fails with SHARD_LOST, changing nothing, where the store does not have that
 * shard as the journal knows it.
 */
interface TopicStore {

    /** {@code hasRoom}: whether there is memory for a new one. */
    CompletionStage<PublishOutcome> publish(NewMessage message, boolean hasRoom);

    /** Whether a message with this id is known under this offset; it may have left its log. */
    CompletionStage<Boolean> isPublished(Topic topic, String messageId, long offset);

    /**
     * Finds a message that is to be recalled. To one that never came an offset is given, and its id is refused as if it had come and had been taken out.
     */
    CompletionStage<PublishOutcome.Published> recall(Topic topic, String messageId);

    /**
     * What comes after an offset: so many messages, fewer where they are large.
     *
     * @param upto of a broadcast topic, how far the reader may read where that is farther than everybody may
     */
    CompletionStage<LogRead> read(Topic topic, long after, long upto, int limit);

    /** Where the log ends, and after which offset its newest messages are, so many of them; of a broadcast topic of those that everybody may read. */
    CompletionStage<Head> head(Topic topic, int newest);

    /** Up to which offset an endpoint has acknowledged a topic, 0: nothing. */
    CompletionStage<Long> passed(Endpoint endpoint, String topic);

    /** Acknowledges up to an offset; answers the one that holds, which never falls. */
    CompletionStage<Long> pass(Endpoint endpoint, String topic, long offset);

    /** Those that wait longest first. */
    CompletionStage<List<Untold>> untold(int shard, long olderThanMs, int limit);

    /**
     * Adds what rooms said of a send; {@code all}: every room knows how far the topic reaches, and what they said holds for the sends before it
     * of which they said less.
     */
    CompletionStage<Void> told(Topic topic, long upto, Map<String, Reach> rooms, boolean all);

    /** Empty: there is none, its message left before its time, or it expired an hour ago. */
    CompletionStage<Optional<Send>> send(int shard, long offset);

    /** Topics of a product that have a log, in the order of their names. */
    CompletionStage<List<Named>> names(String product, int shard, String after, int limit);

    /** Carries out what became of a broadcast, or takes a message of another topic out. What was removed stays so. */
    CompletionStage<Void> settle(Settled settled);

    /** Broadcast topics of a product, in the order of their names. */
    CompletionStage<List<String>> broadcasts(String product, int limit);

    /**
     * The end of a log.
     *
     * @param last the offset that was given last, 0: none; of a broadcast topic the last that everybody may read
     * @param position the newest messages that were asked for are behind it
     * @param given the offset that was given last, whoever may read it
     */
    record Head(long last, long position, long given) {
        /** Of a topic of which everybody may read everything. */
        Head(long last, long position) {
            this(last, position, last);
        }
    }

    /** A topic, how far everybody may read it, and when the oldest of what was not told was sent, or opened to everybody. */
    record Untold(Topic topic, long offset, long sinceMs) {}

    /** To how many sessions of a room a message went: so many follow its topic, so many it was written to. */
    record Reach(long followers, long written) {}

    /**
     * A send and what became of it.
     *
     * @param told whether every room knows
     * @param recalled nobody reads it any more
     */
    record Send(
            Topic topic,
            String messageId,
            long sentAtMs,
            long expiresAtMs,
            boolean told,
            Map<String, Reach> rooms,
            boolean recalled) {
        public Send {
            rooms = Map.copyOf(rooms);
        }
    }

    /** A topic's name, the offset that was given last, and how many messages its log has. */
    record Named(String topic, long offset, long messages) {}
}
