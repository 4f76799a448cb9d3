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

    /**
     * Where an endpoint begins.
     *
     * @param offset behind which it reads
     * @param head the last offset of the topic; of broadcasts the last that everybody may read
     */
    record Position(long offset, long head) {}

    /**
     * The next messages behind an offset.
     *
     * @param upto of broadcasts: the job of this offset lets it be read; 0: what everybody may read
     */
    CompletableFuture<TopicPage> read(String product, String topic, long after, long upto, int limit);

    /** The offset behind which an endpoint begins to read. */
    CompletableFuture<Position> position(Endpoint endpoint, String topic, Begin begin);

    /** The endpoint acknowledges everything up to this offset. */
    CompletableFuture<Void> pass(Endpoint endpoint, String topic, long offset);
}
