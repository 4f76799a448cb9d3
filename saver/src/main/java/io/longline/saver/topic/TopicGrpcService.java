package io.longline.saver.topic;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.BroadcastsReply;
import io.longline.rpc.v1.BroadcastsRequest;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.NamesReply;
import io.longline.rpc.v1.NamesRequest;
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
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.topic.PublishOutcome.NoRoom;
import io.longline.saver.topic.PublishOutcome.Published;
import io.longline.saver.topic.TopicStore.Head;
import io.longline.saver.topic.TopicStore.Reach;
import io.longline.saver.topic.TopicStore.Send;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The service {@code Topics}: reads requests, has the flows do them, writes replies. */
public final class TopicGrpcService {
    private static final int DEFAULT_PAGE = 64;
    private static final int LONGEST_LIST = 1000;
    /** Nobody waits for the answer to an ack: a room tells the next one of the same endpoint after it. */
    private static final Duration PASSED_TOGETHER = Duration.ofMillis(20);

    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(5);

    private final TopicLogs logs;
    private final TopicRecall recall;
    private final LogReads reads;
    private final Positions positions;
    private final Reached reached;
    private final Broadcasts broadcasts;

    public TopicGrpcService(
            TopicLogs logs,
            TopicRecall recall,
            LogReads reads,
            Positions positions,
            Reached reached,
            Broadcasts broadcasts) {
        this.logs = logs;
        this.recall = recall;
        this.reads = reads;
        this.positions = positions;
        this.reached = reached;
        this.broadcasts = broadcasts;
    }

    public RpcService service() {
        return RpcService.of(TopicsGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getPublishMethod(), PublishRequest.class, PublishReply.class),
                        this::publish)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getRecallMethod(), RecallTopicRequest.class, RecallTopicReply.class),
                        this::recall)
                .sideBySide(BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class), this::log)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class),
                        this::position)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getPassMethod(), PassRequest.class, PassReply.class),
                        this::pass,
                        PASSED_TOGETHER)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getUntoldMethod(), UntoldRequest.class, UntoldReply.class),
                        this::untold)
                .sideBySide(BatchMethod.of(TopicsGrpc.getToldMethod(), ToldRequest.class, ToldReply.class), this::told)
                .sideBySide(BatchMethod.of(TopicsGrpc.getSentMethod(), SentRequest.class, SentReply.class), this::sent)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getNamesMethod(), NamesRequest.class, NamesReply.class), this::names)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getSettleMethod(), SettleTopicRequest.class, SettleTopicReply.class),
                        this::settle)
                .sideBySide(
                        BatchMethod.of(
                                TopicsGrpc.getBroadcastsMethod(), BroadcastsRequest.class, BroadcastsReply.class),
                        this::broadcasts);
    }

    private PublishReply publish(PublishRequest request, Deadline deadline) {
        Message message = request.getMessage();
        long sentAtMs = TopicMessages.number(message.getSentAtMs());
        long expiresAtMs = TopicMessages.number(message.getExpiresAtMs());
        if (expiresAtMs <= sentAtMs) {
            throw LonglineException.invalid(
                    "message.expires_at_ms",
                    "is " + expiresAtMs + ", expected more than sent_at_ms, or where that is 0 a time to live, in ms");
        }
        NewMessage published = new NewMessage(
                Topic.checked(request.getProduct(), request.getTopic()),
                Ids.require("message.message_id", message.getMessageId()),
                sentAtMs,
                expiresAtMs,
                message.toByteString(),
                TopicMessages.urgency(message));
        return switch (logs.publish(published, deadline)) {
            case Published there ->
                PublishReply.newBuilder()
                        .setOffset(there.offset())
                        .setBefore(there.before())
                        .setRepeated(there.repeated())
                        .setSentAtMs(there.sentAtMs())
                        .setExpiresAtMs(there.expiresAtMs())
                        .build();
            case NoRoom _ ->
                throw new LonglineException(ErrorCode.QUEUE_FULL, "the memory for the logs of topics is full")
                        .retryAfter(FULL_RETRY_AFTER);
        };
    }

    private LogReply log(LogRequest request, Deadline deadline) {
        Topic topic = Topic.checked(request.getProduct(), request.getTopic());
        int limit = limit(request.getLimit(), LogReads.LONGEST_PAGE);
        return TopicMessages.page(reads.read(
                topic,
                TopicMessages.number(request.getAfter()),
                TopicMessages.number(request.getUpto()),
                limit,
                deadline));
    }

    private RecallTopicReply recall(RecallTopicRequest request, Deadline deadline) {
        Topic topic = new Topic(
                Ids.requireProduct("product", request.getProduct()), Topic.checkedFollowedName(request.getTopic()));
        Published there = recall.recall(topic, Ids.require("message_id", request.getMessageId()), deadline);
        return RecallTopicReply.newBuilder().setOffset(there.offset()).build();
    }

    private PositionReply position(PositionRequest request, Deadline deadline) {
        var named = request.getEndpoint();
        Endpoint endpoint = named.getDevice().isEmpty()
                ? Endpoint.checked(named.getProduct(), named.getUser(), Endpoint.DEFAULT_DEVICE)
                        .withDevice("")
                : Endpoint.checked(named.getProduct(), named.getUser(), named.getDevice());
        Positions.Wish wish = new Positions.Wish(
                request.hasFrom() ? OptionalLong.of(TopicMessages.number(request.getFrom())) : OptionalLong.empty(),
                request.hasAfter() ? OptionalLong.of(TopicMessages.number(request.getAfter())) : OptionalLong.empty(),
                request.hasLast() ? OptionalInt.of(newest(request.getLast())) : OptionalInt.empty());
        Head head = positions.position(endpoint, Topic.checkedName(request.getTopic()), wish, deadline);
        return PositionReply.newBuilder()
                .setPosition(head.position())
                .setHead(head.last())
                .build();
    }

    private PassReply pass(PassRequest request, Deadline deadline) {
        var named = request.getEndpoint();
        Endpoint endpoint = Endpoint.checked(named.getProduct(), named.getUser(), named.getDevice());
        long passed = positions.pass(
                endpoint, Topic.checkedName(request.getTopic()), TopicMessages.number(request.getOffset()), deadline);
        return PassReply.newBuilder().setOffset(passed).build();
    }

    private UntoldReply untold(UntoldRequest request, Deadline deadline) {
        int shard = Shards.require("shard", request.getShard());
        long olderThanMs = Integer.toUnsignedLong(request.getOlderThanMs());
        return TopicMessages.untold(
                reached.untold(shard, olderThanMs, limit(request.getLimit(), LONGEST_LIST), deadline));
    }

    private ToldReply told(ToldRequest request, Deadline deadline) {
        Map<String, Reach> rooms = new TreeMap<>();
        request.getRoomsMap()
                .forEach((room, reach) -> rooms.put(
                        Ids.require("rooms", room),
                        new Reach(
                                TopicMessages.number(reach.getFollowers()), TopicMessages.number(reach.getWritten()))));
        Topic topic = Topic.checked(request.getProduct(), request.getTopic());
        reached.told(topic, TopicMessages.number(request.getUpto()), rooms, request.getAll(), deadline);
        return ToldReply.getDefaultInstance();
    }

    private SentReply sent(SentRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int shard = Shards.require("shard", request.getShard());
        long offset = TopicMessages.number(request.getOffset());
        Send send = reached.sent(product, shard, offset, deadline)
                .orElseThrow(() -> new LonglineException(
                        ErrorCode.JOB_NOT_FOUND, "there is no send t" + shard + "-" + offset + ", or it is over"));
        return TopicMessages.of(send);
    }

    private NamesReply names(NamesRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int shard = Shards.require("shard", request.getShard());
        String after = request.getAfter().isEmpty() ? "" : Ids.require("after", request.getAfter());
        return TopicMessages.names(
                logs.names(product, shard, after, limit(request.getLimit(), LONGEST_LIST), deadline));
    }

    private SettleTopicReply settle(SettleTopicRequest request, Deadline deadline) {
        Topic topic = Topic.checkedBroadcast(request.getProduct(), request.getTopic());
        long offset = TopicMessages.number(request.getOffset());
        if (offset == 0) {
            throw LonglineException.invalid("offset", "is 0, expected that of a message");
        }
        broadcasts.settle(new Settled(topic, offset, TopicMessages.how(request)), deadline);
        return SettleTopicReply.getDefaultInstance();
    }

    private BroadcastsReply broadcasts(BroadcastsRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        return BroadcastsReply.newBuilder()
                .addAllTopics(broadcasts.topics(product, deadline))
                .build();
    }

    private static int limit(int unsigned, int most) {
        return unsigned == 0 ? Math.min(DEFAULT_PAGE, most) : Math.clamp(Integer.toUnsignedLong(unsigned), 1, most);
    }

    /** How many of the newest messages somebody wants; 0 are none. Fewer than that would be a gap that nobody hears of. */
    private static int newest(int unsigned) {
        if (Integer.compareUnsigned(unsigned, Positions.MOST_NEWEST) > 0) {
            throw LonglineException.invalid(
                    "last", "is " + Integer.toUnsignedString(unsigned) + ", expected at most " + Positions.MOST_NEWEST);
        }
        return unsigned;
    }
}
