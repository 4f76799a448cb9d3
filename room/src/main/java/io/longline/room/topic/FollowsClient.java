package io.longline.room.topic;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.delivery.Messages;
import io.longline.room.session.Endpoint;
import io.longline.rpc.v1.FollowReply;
import io.longline.rpc.v1.FollowRequest;
import io.longline.rpc.v1.FollowsReply;
import io.longline.rpc.v1.FollowsRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Follows} over gRPC. */
public final class FollowsClient implements Follows {
    private static final BatchMethod<FollowRequest, FollowReply> FOLLOW =
            BatchMethod.of(RoutesGrpc.getFollowMethod(), FollowRequest.class, FollowReply.class);
    private static final BatchMethod<FollowsRequest, FollowsReply> FOLLOWS =
            BatchMethod.of(RoutesGrpc.getFollowsMethod(), FollowsRequest.class, FollowsReply.class);

    private final Peers registers;
    private final Duration answerWait;

    /** @param answerWait as long as a register may be away before that is an answer */
    public FollowsClient(Peers registers, Duration answerWait) {
        this.registers = registers;
        this.answerWait = answerWait;
    }

    @Override
    public CompletableFuture<Noted> follow(
            Endpoint endpoint, String topic, long from, long generation, boolean onlyByBackEnd) {
        FollowRequest.Builder request = request(endpoint, topic, generation)
                .setFollows(true)
                .setFrom(from)
                .setOnlyByBackEnd(onlyByBackEnd);
        return change(endpoint, request)
                .thenApply(reply -> new Noted(reply.getStale(), reply.getByBackEnd(), reply.getFrom()));
    }

    @Override
    public CompletableFuture<Boolean> unfollow(Endpoint endpoint, String topic, long generation) {
        return change(endpoint, request(endpoint, topic, generation)).thenApply(reply -> !reply.getStale());
    }

    private static FollowRequest.Builder request(Endpoint endpoint, String topic, long generation) {
        return FollowRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setTopic(topic)
                .setGeneration(generation);
    }

    private CompletableFuture<FollowReply> change(Endpoint endpoint, FollowRequest.Builder request) {
        return registers.call(endpoint.key(), FOLLOW, request.build(), Deadline.after(answerWait));
    }

    @Override
    public CompletableFuture<Followed> of(Endpoint endpoint) {
        FollowsRequest request = FollowsRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .build();
        return registers
                .call(endpoint.key(), FOLLOWS, request, Deadline.after(answerWait))
                .thenApply(reply -> fromRpc(reply.getTopicsList(), reply.getBorn()));
    }

    /** As the register tells them, also in the answer to a bind. */
    public static Followed fromRpc(List<io.longline.rpc.v1.FollowedTopic> topics, long born) {
        return new Followed(
                topics.stream()
                        .filter(one -> !BroadcastTopic.is(one.getTopic())) // which all follow, without being asked
                        .map(one -> new FollowedTopic(one.getTopic(), one.getFrom(), one.getByBackEnd()))
                        .toList(),
                born);
    }
}
