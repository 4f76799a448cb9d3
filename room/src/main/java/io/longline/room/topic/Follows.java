package io.longline.room.topic;

import io.longline.room.session.Endpoint;
import java.util.concurrent.CompletableFuture;

/** What a room asks of the register about topics. No call blocks; futures fail with {@link io.longline.keeper.error.LonglineException} alone. */
public interface Follows {

    /**
     * What came of a wish to follow.
     *
     * @param stale a newer session has the endpoint, or none, and nothing was changed
     * @param byBackEnd a back end has the user follow it, too
     * @param from the offset after which it began, earlier than was asked for where it was followed already
     */
    record Noted(boolean stale, boolean byBackEnd, long from) {}

    /**
     * The endpoint follows the topic from now on.
     *
     * @param from the offset after which it begins; of one that is followed already the earlier one stays
     * @param onlyByBackEnd its client may follow it only where a back end has its user follow it; elsewhere that is {@code PERMISSION_DENIED}
     */
    CompletableFuture<Noted> follow(Endpoint endpoint, String topic, long from, long generation, boolean onlyByBackEnd);

    /** The endpoint follows the topic no longer. False: a newer session has the endpoint, or none, and nothing was changed. */
    CompletableFuture<Boolean> unfollow(Endpoint endpoint, String topic, long generation);

    /** All that the endpoint follows. */
    CompletableFuture<Followed> of(Endpoint endpoint);
}
