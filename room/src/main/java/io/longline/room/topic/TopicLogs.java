package io.longline.room.topic;

import io.longline.room.session.Endpoint;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a room asks of the saver about topics. No call blocks; futures fail with {@link io.longline.keeper.error.LonglineException} alone. */
public interface TopicLogs {

    /**
     * Where to begin.
     *
     * @param from where the endpoint began to follow; null: it begins now
     * @param after the client names an offset; null: it does not
     * @param last the client wants so many of the newest messages; null: it does not say
     */
    record Begin(
            @Nullable Long from,
            @Nullable Long after,
            @Nullable Integer last) {}

    /** The next messages behind an offset. */
    CompletableFuture<TopicPage> read(String product, String topic, long after, int limit);

    /** The offset behind which an endpoint begins to read. */
    CompletableFuture<Long> position(Endpoint endpoint, String topic, Begin begin);

    /** The endpoint acknowledges everything up to this offset. */
    CompletableFuture<Void> pass(Endpoint endpoint, String topic, long offset);
}
