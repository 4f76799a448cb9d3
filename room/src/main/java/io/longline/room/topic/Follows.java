package io.longline.room.topic;

import io.longline.room.session.Endpoint;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a room asks of the register about topics. No call blocks; futures fail with {@link io.longline.keeper.error.LonglineException} alone. */
public interface Follows {

    /**
     * The endpoint follows the topic from now on. False: a newer session has the endpoint, or none, and nothing was changed.
     *
     * @param from the offset after which it begins; of one that is followed already the earlier one stays
     */
    CompletableFuture<Boolean> follow(Endpoint endpoint, String topic, long from, long generation);

    /** The endpoint follows the topic no longer. False: likewise. */
    CompletableFuture<Boolean> unfollow(Endpoint endpoint, String topic, long generation);

    /** All that the endpoint follows. */
    CompletableFuture<List<FollowedTopic>> of(Endpoint endpoint);
}
