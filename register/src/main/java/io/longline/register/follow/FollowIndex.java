package io.longline.register.follow;

import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Follows;
import java.util.concurrent.CompletionStage;

/**
 * Who follows what. Each call is one atomic step on one user's data, and may be repeated: the second one changes nothing.
 *
 * <p>Stages fail with {@link io.longline.keeper.error.LonglineException} only: SHARD_LOST (nothing was changed; try again when the rebuild
 * is through) and DEPENDENCY_DOWN redis.
 */
public interface FollowIndex {

    /** The journal has not been told. */
    CompletionStage<FollowOutcome> follow(Wish wish);

    /** The journal has been told. Where something newer came meanwhile, it is to be told again. */
    CompletionStage<FollowOutcome> follow(Wish wish, FollowOutcome.NotJournaled told);

    CompletionStage<Follows> follows(Endpoint endpoint);

    /**
     * Users of one shard that follow a topic, by name.
     *
     * @param after those whose names come after this one; "": from the first on
     * @param limit so many at most; 0: only how many there are
     */
    CompletionStage<TopicFollowers> followers(String product, String topic, int shard, String after, int limit);
}
