package io.longline.register.follow;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Follows;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.FollowReply;
import io.longline.rpc.v1.FollowRequest;
import io.longline.rpc.v1.FollowersReply;
import io.longline.rpc.v1.FollowersRequest;
import io.longline.rpc.v1.FollowsReply;
import io.longline.rpc.v1.FollowsRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.time.Duration;

/** What {@code Routes} has of topics: who follows them, as rooms tell for their clients and centers for back ends. */
public final class FollowGrpcService {
    private static final BatchMethod<FollowRequest, FollowReply> FOLLOW =
            BatchMethod.of(RoutesGrpc.getFollowMethod(), FollowRequest.class, FollowReply.class);
    private static final BatchMethod<FollowsRequest, FollowsReply> FOLLOWS =
            BatchMethod.of(RoutesGrpc.getFollowsMethod(), FollowsRequest.class, FollowsReply.class);
    private static final BatchMethod<FollowersRequest, FollowersReply> FOLLOWERS =
            BatchMethod.of(RoutesGrpc.getFollowersMethod(), FollowersRequest.class, FollowersReply.class);
    private static final int LONGEST_PAGE = 1_000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final FollowFlow flow;

    public FollowGrpcService(FollowFlow flow) {
        this.flow = flow;
    }

    public RpcService addTo(RpcService routes) {
        return routes.sideBySide(FOLLOW, this::follow)
                .sideBySide(FOLLOWS, this::follows)
                .sideBySide(FOLLOWERS, this::followers);
    }

    private FollowReply follow(FollowRequest request, Deadline deadline) {
        Wish wish = wish(request);
        return switch (flow.follow(wish, deadline)) {
            case FollowOutcome.Done(long from, boolean byBackEnd) ->
                FollowReply.newBuilder().setFrom(from).setByBackEnd(byBackEnd).build();
            case FollowOutcome.Stale() ->
                FollowReply.newBuilder().setStale(true).build();
            case FollowOutcome.Denied() ->
                throw new LonglineException(
                        ErrorCode.PERMISSION_DENIED,
                        "neither the token nor the product lets the client follow the topic " + wish.topic()
                                + ", and no back end has the user follow it");
            case FollowOutcome.TooMany(int followed) ->
                throw new LonglineException(
                        ErrorCode.QUEUE_FULL,
                        (wish.endpoint().device().isEmpty() ? "the user" : "the device") + " follows " + followed
                                + " topics, and may follow no more");
            case FollowOutcome.StreamFull() ->
                throw new LonglineException(
                                ErrorCode.OVERLOADED, "too many sessions wait to be told in this user's shard")
                        .retryAfter(RETRY_AFTER);
        };
    }

    private static Wish wish(FollowRequest request) {
        Endpoint endpoint = Wire.endpointOrUser(request.getEndpoint());
        boolean byBackEnd = endpoint.device().isEmpty();
        if (byBackEnd && request.getGeneration() != 0) {
            throw LonglineException.invalid(
                    "generation",
                    "is " + Long.toUnsignedString(request.getGeneration()) + ", expected 0 where no device is named");
        }
        if (byBackEnd && request.getOnlyByBackEnd()) {
            throw LonglineException.invalid("only_by_back_end", "is true, expected false where no device is named");
        }
        return new Wish(
                endpoint,
                Wire.topic("topic", request.getTopic()),
                request.getFollows(),
                Wire.offset("from", request.getFrom()),
                byBackEnd ? 0 : Wire.positive("generation", request.getGeneration()),
                request.getOnlyByBackEnd());
    }

    private FollowsReply follows(FollowsRequest request, Deadline deadline) {
        Follows follows = flow.follows(Wire.endpoint(request.getEndpoint()), deadline);
        return FollowsReply.newBuilder()
                .setBorn(follows.born())
                .addAllTopics(follows.topics().stream().map(Wire::followed).toList())
                .build();
    }

    private FollowersReply followers(FollowersRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        String topic = Wire.topic("topic", request.getTopic());
        int shard = Shards.require("shard", request.getShard());
        int limit = (int) Math.min(Integer.toUnsignedLong(request.getLimit()), LONGEST_PAGE);
        String after = request.getAfter().isEmpty() ? "" : Ids.require("after", request.getAfter());
        TopicFollowers found = flow.followers(product, topic, shard, after, limit, deadline);
        return FollowersReply.newBuilder()
                .setTotal(found.total())
                .addAllUsers(found.users())
                .build();
    }
}
