package io.longline.register.follow;

import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import java.util.List;
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

    /**
     * What an endpoint follows.
     *
     * @param leaves what was left on its way to the journal may stay so
     */
    CompletionStage<FollowsOutcome> follows(Endpoint endpoint, boolean leaves);

    /**
     * The journal is to have what is so, of an endpoint's topics and its user's, where calls left something on its way there.
     *
     * @param told of this it was told, as answered before
     */
    CompletionStage<Settling> settle(Endpoint endpoint, List<FollowNote> told);

    /**
     * Users of one shard that follow a topic, by name.
     *
     * @param after those whose names come after this one; "": from the first on
     * @param limit so many at most; 0: only how many there are
     */
    CompletionStage<TopicFollowers> followers(String product, String topic, int shard, String after, int limit);
}
