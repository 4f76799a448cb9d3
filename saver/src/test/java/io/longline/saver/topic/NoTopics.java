package io.longline.saver.topic;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.JournalEntry.Settled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A store of which nothing is expected but what a test gives it. */
class NoTopics implements TopicStore {
    private static <T> CompletionStage<T> unexpected() {
        throw new UnsupportedOperationException("nobody asks for this here");
    }

    @Override
    public CompletionStage<PublishOutcome> publish(NewMessage message, boolean hasRoom) {
        return unexpected();
    }

    @Override
    public CompletionStage<Boolean> isPublished(Topic topic, String messageId, long offset) {
        return unexpected();
    }

    @Override
    public CompletionStage<PublishOutcome.Published> recall(Topic topic, String messageId) {
        return unexpected();
    }

    @Override
    public CompletionStage<LogRead> read(Topic topic, long after, long upto, int limit) {
        return unexpected();
    }

    @Override
    public CompletionStage<Head> head(Topic topic, int newest) {
        return unexpected();
    }

    @Override
    public CompletionStage<Long> passed(Endpoint endpoint, String topic) {
        return unexpected();
    }

    @Override
    public CompletionStage<Long> pass(Endpoint endpoint, String topic, long offset) {
        return unexpected();
    }

    @Override
    public CompletionStage<List<Untold>> untold(int shard, long olderThanMs, int limit) {
        return unexpected();
    }

    @Override
    public CompletionStage<Void> told(Topic topic, long upto, Map<String, Reach> rooms, boolean all) {
        return unexpected();
    }

    @Override
    public CompletionStage<Optional<Send>> send(int shard, long offset) {
        return unexpected();
    }

    @Override
    public CompletionStage<Void> settle(Settled settled) {
        return unexpected();
    }

    @Override
    public CompletionStage<List<String>> broadcasts(String product, int limit) {
        return unexpected();
    }

    @Override
    public CompletionStage<List<Named>> names(String product, int shard, String after, int limit) {
        return unexpected();
    }
}
