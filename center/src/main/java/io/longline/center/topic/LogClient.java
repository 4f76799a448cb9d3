package io.longline.center.topic;

import io.longline.center.page.ShardPage;
import io.longline.center.page.ShardPages;
import io.longline.center.page.ShardPlace;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.NamesReply;
import io.longline.rpc.v1.NamesRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.TopicsGrpc;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Asks saver which topics have a log, and what is in it. */
public final class LogClient {
    private static final BatchMethod<LogRequest, LogReply> LOG =
            BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class);
    private static final BatchMethod<NamesRequest, NamesReply> NAMES =
            BatchMethod.of(TopicsGrpc.getNamesMethod(), NamesRequest.class, NamesReply.class);
    private static final ShardPages<LogPage.Topic> PAGES = new ShardPages<>("saver", LogPage.Topic::name);

    private final Peers savers;

    public LogClient(Peers savers) {
        this.savers = savers;
    }

    ShardPage<LogPage.Topic> topics(String product, ShardPlace from, int limit, Deadline deadline) {
        return PAGES.read(from, limit, (shard, after, most) -> ask(product, shard, after, most, deadline));
    }

    private CompletableFuture<List<LogPage.Topic>> ask(
            String product, int shard, String after, int limit, Deadline deadline) {
        NamesRequest request = NamesRequest.newBuilder()
                .setProduct(product)
                .setShard(shard)
                .setAfter(after)
                .setLimit(limit)
                .build();
        return savers.call(shard, NAMES, request, deadline)
                .thenApply(reply -> reply.getTopicsList().stream()
                        .map(topic -> new LogPage.Topic(topic.getTopic(), topic.getOffset(), topic.getMessages()))
                        .toList());
    }

    /** The next messages of a topic; none of one that nobody has sent anything to. */
    LogPage page(String product, String topic, long after, int limit, Deadline deadline) {
        LogRequest request = LogRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setAfter(after)
                .setLimit(limit)
                .build();
        LogReply reply = Unanswered.join("saver", savers.call(Topics.key(product, topic), LOG, request, deadline));
        return new LogPage(
                reply.getMessagesList().stream().map(LogClient::entry).toList(),
                reply.getMore() ? OptionalLong.of(reply.getUpto()) : OptionalLong.empty(),
                reply.getGap() > 0 ? OptionalLong.of(reply.getGap()) : OptionalLong.empty());
    }

    private static LogPage.Entry entry(StoredMessage stored) {
        Message message = stored.getMessage();
        return new LogPage.Entry(
                stored.getSeq(),
                message.getMessageId(),
                message.getSentAtMs(),
                message.getExpiresAtMs(),
                Wire.priority(message.getPriority()),
                message.getCollapseKey());
    }
}
