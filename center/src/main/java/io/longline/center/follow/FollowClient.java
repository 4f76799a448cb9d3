package io.longline.center.follow;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.page.ShardPage;
import io.longline.center.page.ShardPages;
import io.longline.center.page.ShardPlace;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.FollowReply;
import io.longline.rpc.v1.FollowRequest;
import io.longline.rpc.v1.FollowersReply;
import io.longline.rpc.v1.FollowersRequest;
import io.longline.rpc.v1.PositionReply;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.TopicsGrpc;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Has register keep what users follow, and asks it who follows a topic; where that begins, saver knows. */
public final class FollowClient {
    private static final BatchMethod<FollowRequest, FollowReply> FOLLOW =
            BatchMethod.of(RoutesGrpc.getFollowMethod(), FollowRequest.class, FollowReply.class);
    private static final BatchMethod<FollowersRequest, FollowersReply> FOLLOWERS =
            BatchMethod.of(RoutesGrpc.getFollowersMethod(), FollowersRequest.class, FollowersReply.class);
    private static final BatchMethod<PositionRequest, PositionReply> POSITION =
            BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class);
    private static final ShardPages<String> PAGES = new ShardPages<>("register", user -> user);
    /** The records of a user, for all devices there are and will be. */
    private static final String ALL_DEVICES = "";

    private final Peers registers;
    private final Peers savers;

    public FollowClient(Peers registers, Peers savers) {
        this.registers = registers;
        this.savers = savers;
    }

    /** What is sent from now on is for the user; QUEUE_FULL where the user follows as many topics as one may. */
    void follow(String product, String user, String topic, Deadline deadline) {
        tell(product, user, topic, true, end(product, user, topic, deadline), deadline);
    }

    void unfollow(String product, String user, String topic, Deadline deadline) {
        tell(product, user, topic, false, 0, deadline);
    }

    private void tell(String product, String user, String topic, boolean follows, long from, Deadline deadline) {
        FollowRequest request = FollowRequest.newBuilder()
                .setEndpoint(Wire.endpoint(new Endpoint(product, user, ALL_DEVICES)))
                .setTopic(topic)
                .setFollows(follows)
                .setFrom(from)
                .build();
        FollowReply _ =
                Unanswered.join("register", registers.call(Shards.key(product, user), FOLLOW, request, deadline));
    }

    /** Of the log; read before anybody follows it, so that nothing sent meanwhile is missed. */
    private long end(String product, String user, String topic, Deadline deadline) {
        PositionRequest request = PositionRequest.newBuilder()
                .setEndpoint(Wire.endpoint(new Endpoint(product, user, ALL_DEVICES)))
                .setTopic(topic)
                .build();
        return Unanswered.join("saver", savers.call(Shards.key(product, topic), POSITION, request, deadline))
                .getHead();
    }

    ShardPage<String> followers(String product, String topic, ShardPlace from, int limit, Deadline deadline) {
        return PAGES.read(from, limit, (shard, after, most) -> ask(product, topic, shard, after, most, deadline));
    }

    private CompletableFuture<List<String>> ask(
            String product, String topic, int shard, String after, int limit, Deadline deadline) {
        FollowersRequest request = FollowersRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setShard(shard)
                .setAfter(after)
                .setLimit(limit)
                .build();
        return registers
                .call(shard, FOLLOWERS, request, deadline)
                .thenApply(reply -> List.copyOf(reply.getUsersList()));
    }
}
