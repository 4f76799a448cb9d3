package io.longline.room.topic;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.room.delivery.Messages;
import io.longline.room.session.Endpoint;
import io.longline.room.session.StoredMessage;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.PassReply;
import io.longline.rpc.v1.PassRequest;
import io.longline.rpc.v1.PositionReply;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.TopicsGrpc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** {@link TopicLogs} over gRPC. */
public final class TopicsClient implements TopicLogs {
    private static final BatchMethod<LogRequest, LogReply> LOG =
            BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class);
    private static final BatchMethod<PositionRequest, PositionReply> POSITION =
            BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class);
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
    public CompletableFuture<TopicPage> read(String product, String topic, long after, int limit) {
        LogRequest request = LogRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setAfter(after)
                .setLimit(limit)
                .build();
        return savers.call(Shards.key(product, topic), LOG, request, Deadline.after(answerWait))
                .thenApply(TopicsClient::page);
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
    public CompletableFuture<Long> position(Endpoint endpoint, String topic, Begin begin) {
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
        return savers.call(Shards.key(endpoint.product(), topic), POSITION, request.build(), Deadline.after(answerWait))
                .thenApply(PositionReply::getPosition);
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
}
