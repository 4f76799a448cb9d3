package io.longline.room.topic;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.room.broadcast.BroadcastNames;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.delivery.Messages;
import io.longline.room.session.Endpoint;
import io.longline.room.session.StoredMessage;
import io.longline.rpc.v1.BroadcastsReply;
import io.longline.rpc.v1.BroadcastsRequest;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.PassReply;
import io.longline.rpc.v1.PassRequest;
import io.longline.rpc.v1.PositionReply;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.TopicsGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link TopicLogs} over gRPC, and what broadcast topics there are. */
public final class TopicsClient implements TopicLogs, BroadcastNames {
    private static final String BROADCASTS = "*";
    private static final BatchMethod<LogRequest, LogReply> LOG =
            BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class);
    private static final BatchMethod<PositionRequest, PositionReply> POSITION =
            BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class);
    private static final BatchMethod<BroadcastsRequest, BroadcastsReply> NAMES =
            BatchMethod.of(TopicsGrpc.getBroadcastsMethod(), BroadcastsRequest.class, BroadcastsReply.class);
    private static final BatchMethod<PassRequest, PassReply> PASS =
            BatchMethod.of(TopicsGrpc.getPassMethod(), PassRequest.class, PassReply.class);

    private final Peers savers;
    private final Duration answerWait;

    /** @param answerWait as long as stores may be away before that is an answer */
    public TopicsClient(Peers savers, Duration answerWait) {
        this.savers = savers;
        this.answerWait = answerWait;
    }

    /** All rooms ask the same saver about a topic, so that one has it in memory. */
    @Override
    public CompletableFuture<TopicPage> read(String product, String topic, long after, long upto, int limit) {
        LogRequest request = LogRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setAfter(after)
                .setLimit(limit)
                .setUpto(upto)
                .build();
        return savers.call(key(product, topic), LOG, request, Deadline.after(answerWait))
                .thenApply(TopicsClient::page);
    }

    /** All of a product's broadcasts are in one shard. */
    private static long key(String product, String topic) {
        return Shards.key(product, BroadcastTopic.is(topic) ? BROADCASTS : topic);
    }

    private static TopicPage page(LogReply reply) {
        return new TopicPage(
                reply.getMessagesList().stream()
                        .map(one -> new StoredMessage(one.getSeq(), Messages.fromRpc(one.getMessage())))
                        .toList(),
                reply.getMore(),
                reply.getUpto(),
                reply.getGap());
    }

    @Override
    public CompletableFuture<Position> position(Endpoint endpoint, String topic, Begin begin) {
        PositionRequest.Builder request = PositionRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setTopic(topic);
        if (begin.from() != null) {
            request.setFrom(begin.from());
        }
        if (begin.after() != null) {
            request.setAfter(begin.after());
        }
        if (begin.last() != null) {
            request.setLast(begin.last());
        }
        return savers.call(key(endpoint.product(), topic), POSITION, request.build(), Deadline.after(answerWait))
                .thenApply(reply -> new Position(reply.getPosition(), reply.getHead()));
    }

    @Override
    public CompletableFuture<Void> pass(Endpoint endpoint, String topic, long offset) {
        PassRequest request = PassRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setTopic(topic)
                .setOffset(offset)
                .build();
        return savers.call(endpoint.key(), PASS, request, Deadline.after(answerWait))
                .thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<List<String>> broadcasts(String product) {
        BroadcastsRequest request =
                BroadcastsRequest.newBuilder().setProduct(product).build();
        return savers.call(key(product, BROADCASTS), NAMES, request, Deadline.after(answerWait))
                .thenApply(BroadcastsReply::getTopicsList);
    }
}
