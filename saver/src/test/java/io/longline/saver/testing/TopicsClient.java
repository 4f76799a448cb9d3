package io.longline.saver.testing;

import com.google.protobuf.Message;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.BroadcastsReply;
import io.longline.rpc.v1.BroadcastsRequest;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.FollowReadRequest;
import io.longline.rpc.v1.FollowRow;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.NamesReply;
import io.longline.rpc.v1.NamesRequest;
import io.longline.rpc.v1.NoteFollowReply;
import io.longline.rpc.v1.NoteFollowRequest;
import io.longline.rpc.v1.PassReply;
import io.longline.rpc.v1.PassRequest;
import io.longline.rpc.v1.PositionReply;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.PublishReply;
import io.longline.rpc.v1.PublishRequest;
import io.longline.rpc.v1.RecallTopicReply;
import io.longline.rpc.v1.RecallTopicRequest;
import io.longline.rpc.v1.SentReply;
import io.longline.rpc.v1.SentRequest;
import io.longline.rpc.v1.SettleTopicReply;
import io.longline.rpc.v1.SettleTopicRequest;
import io.longline.rpc.v1.ToldReply;
import io.longline.rpc.v1.ToldRequest;
import io.longline.rpc.v1.TopicsGrpc;
import io.longline.rpc.v1.UntoldReply;
import io.longline.rpc.v1.UntoldRequest;
import io.longline.rpc.v1.UntoldTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** What rooms, centers and registers ask of savers about topics, over gRPC. */
public final class TopicsClient {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final BatchMethod<PublishRequest, PublishReply> PUBLISH =
            BatchMethod.of(TopicsGrpc.getPublishMethod(), PublishRequest.class, PublishReply.class);
    private static final BatchMethod<RecallTopicRequest, RecallTopicReply> RECALL =
            BatchMethod.of(TopicsGrpc.getRecallMethod(), RecallTopicRequest.class, RecallTopicReply.class);
    private static final BatchMethod<LogRequest, LogReply> LOG =
            BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class);
    private static final BatchMethod<PositionRequest, PositionReply> POSITION =
            BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class);
    private static final BatchMethod<PassRequest, PassReply> PASS =
            BatchMethod.of(TopicsGrpc.getPassMethod(), PassRequest.class, PassReply.class);
    private static final BatchMethod<UntoldRequest, UntoldReply> UNTOLD =
            BatchMethod.of(TopicsGrpc.getUntoldMethod(), UntoldRequest.class, UntoldReply.class);
    private static final BatchMethod<ToldRequest, ToldReply> TOLD =
            BatchMethod.of(TopicsGrpc.getToldMethod(), ToldRequest.class, ToldReply.class);
    private static final BatchMethod<SentRequest, SentReply> SENT =
            BatchMethod.of(TopicsGrpc.getSentMethod(), SentRequest.class, SentReply.class);
    private static final BatchMethod<NamesRequest, NamesReply> NAMES =
            BatchMethod.of(TopicsGrpc.getNamesMethod(), NamesRequest.class, NamesReply.class);
    private static final BatchMethod<SettleTopicRequest, SettleTopicReply> SETTLE =
            BatchMethod.of(TopicsGrpc.getSettleMethod(), SettleTopicRequest.class, SettleTopicReply.class);
    private static final BatchMethod<BroadcastsRequest, BroadcastsReply> BROADCASTS =
            BatchMethod.of(TopicsGrpc.getBroadcastsMethod(), BroadcastsRequest.class, BroadcastsReply.class);
    private static final BatchMethod<NoteFollowRequest, NoteFollowReply> NOTE_FOLLOW =
            BatchMethod.of(DeviceJournalGrpc.getNoteFollowMethod(), NoteFollowRequest.class, NoteFollowReply.class);

    private final SaverClient client;

    public TopicsClient(SaverClient client) {
        this.client = client;
    }

    private <Q extends Message, A extends Message> A call(long key, BatchMethod<Q, A> method, Q request) {
        return client.peers().await(key, method, request, Deadline.after(TIME));
    }

    /** One that is sent now and lives for an hour. */
    public static PublishRequest message(String product, String topic, String id) {
        return PublishRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setMessage(io.longline.rpc.v1.Message.newBuilder()
                        .setMessageId(id)
                        .setText("body of " + id)
                        .setQos(1)
                        .setExpiresAtMs(3_600_000))
                .build();
    }

    public PublishReply publish(PublishRequest request) {
        return call(Shards.key(request.getProduct(), request.getTopic()), PUBLISH, request);
    }

    public PublishReply publish(String product, String topic, String id) {
        return publish(message(product, topic, id));
    }

    /** The offset at which it stood, or would stand. */
    public long recall(String product, String topic, String id) {
        RecallTopicRequest request = RecallTopicRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setMessageId(id)
                .build();
        return call(Shards.key(product, topic), RECALL, request).getOffset();
    }

    public LogReply log(String product, String topic, long after) {
        LogRequest request = LogRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setAfter(after)
                .build();
        return call(Shards.key(product, topic), LOG, request);
    }

    /** Through each of some savers, of whom every one is asked at least once. */
    public List<LogReply> logs(LogRequest request) {
        return LongStream.range(0, 16).mapToObj(key -> call(key, LOG, request)).toList();
    }

    public List<String> ids(String product, String topic) {
        return ids(log(product, topic, 0));
    }

    public static List<String> ids(LogReply log) {
        return log.getMessagesList().stream()
                .map(one -> one.getMessage().getMessageId())
                .toList();
    }

    public void settle(SettleTopicRequest request) {
        call(Shards.key(request.getProduct(), "*"), SETTLE, request);
    }

    public List<String> broadcasts(String product) {
        BroadcastsRequest request =
                BroadcastsRequest.newBuilder().setProduct(product).build();
        return call(Shards.key(product, "*"), BROADCASTS, request).getTopicsList();
    }

    public PositionReply position(PositionRequest request) {
        return call(key(request.getEndpoint()), POSITION, request);
    }

    public long pass(Endpoint endpoint, String topic, long offset) {
        PassRequest request = PassRequest.newBuilder()
                .setEndpoint(endpoint)
                .setTopic(topic)
                .setOffset(offset)
                .build();
        return call(key(endpoint), PASS, request).getOffset();
    }

    public List<UntoldTopic> untold(int shard) {
        UntoldRequest request =
                UntoldRequest.newBuilder().setShard(shard).setLimit(100).build();
        return call(shard, UNTOLD, request).getTopicsList();
    }

    public void told(ToldRequest request) {
        call(Shards.key(request.getProduct(), request.getTopic()), TOLD, request);
    }

    public SentReply sent(String product, int shard, long offset) {
        SentRequest request = SentRequest.newBuilder()
                .setProduct(product)
                .setShard(shard)
                .setOffset(offset)
                .build();
        return call(shard, SENT, request);
    }

    public NamesReply names(String product, int shard) {
        return call(
                shard,
                NAMES,
                NamesRequest.newBuilder().setProduct(product).setShard(shard).build());
    }

    public void noteFollow(NoteFollowRequest request) {
        call(key(request.getEndpoint()), NOTE_FOLLOW, request);
    }

    public List<FollowRow> follows(int shard) {
        List<FollowRow> rows = new ArrayList<>();
        FollowReadRequest request =
                FollowReadRequest.newBuilder().setShard(shard).build();
        client.peers().byKey(shard).stream(
                DeviceJournalGrpc.getReadFollowsMethod(), request, Deadline.after(TIME), rows::add);
        return rows;
    }

    private static long key(Endpoint endpoint) {
        return Shards.key(endpoint.getProduct(), endpoint.getUser());
    }
}
