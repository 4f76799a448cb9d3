package io.longline.saver.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
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
import io.longline.rpc.v1.RoomReach;
import io.longline.rpc.v1.SentReply;
import io.longline.rpc.v1.SentRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.ToldReply;
import io.longline.rpc.v1.ToldRequest;
import io.longline.rpc.v1.TopicName;
import io.longline.rpc.v1.TopicsGrpc;
import io.longline.rpc.v1.UntoldReply;
import io.longline.rpc.v1.UntoldRequest;
import io.longline.rpc.v1.UntoldTopic;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
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
    private static final long GREATEST_OFFSET = 1L << 53;
    private static final int DEFAULT_PAGE = 64;
    private static final int LONGEST_LIST = 1000;
    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(5);

    private final TopicLogs logs;
    private final LogReads reads;
    private final Positions positions;
    private final Reached reached;

    public TopicGrpcService(TopicLogs logs, LogReads reads, Positions positions, Reached reached) {
        this.logs = logs;
        this.reads = reads;
        this.positions = positions;
        this.reached = reached;
    }

    public RpcService service() {
        return RpcService.of(TopicsGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getPublishMethod(), PublishRequest.class, PublishReply.class),
                        this::publish)
                .sideBySide(BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class), this::log)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class),
                        this::position)
                .sideBySide(BatchMethod.of(TopicsGrpc.getPassMethod(), PassRequest.class, PassReply.class), this::pass)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getUntoldMethod(), UntoldRequest.class, UntoldReply.class),
                        this::untold)
                .sideBySide(BatchMethod.of(TopicsGrpc.getToldMethod(), ToldRequest.class, ToldReply.class), this::told)
                .sideBySide(BatchMethod.of(TopicsGrpc.getSentMethod(), SentRequest.class, SentReply.class), this::sent)
                .sideBySide(
                        BatchMethod.of(TopicsGrpc.getNamesMethod(), NamesRequest.class, NamesReply.class), this::names);
    }

    private PublishReply publish(PublishRequest request, Deadline deadline) {
        Message message = request.getMessage();
        long sentAtMs = number(message.getSentAtMs());
        long expiresAtMs = number(message.getExpiresAtMs());
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
                urgency(message));
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

    private static Urgency urgency(Message message) {
        return switch (message.getPriority()) {
            case PRIORITY_HIGH -> Urgency.HIGH;
            case PRIORITY_LOW -> Urgency.LOW;
            default -> Urgency.NORMAL;
        };
    }

    private LogReply log(LogRequest request, Deadline deadline) {
        Topic topic = Topic.checked(request.getProduct(), request.getTopic());
        int limit = limit(request.getLimit(), LogReads.LONGEST_PAGE);
        LogPage page = reads.read(topic, number(request.getAfter()), limit, deadline);
        LogReply.Builder reply =
                LogReply.newBuilder().setMore(page.more()).setUpto(page.upto()).setGap(page.gap());
        page.entries().forEach(entry -> reply.addMessages(message(entry)));
        return reply.build();
    }

    private static StoredMessage message(LogPage.Entry entry) {
        try {
            return StoredMessage.newBuilder()
                    .setSeq(entry.offset())
                    .setMessage(Message.parseFrom(entry.message()).toBuilder()
                            .setSentAtMs(entry.sentAtMs())
                            .setExpiresAtMs(entry.expiresAtMs()))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new LonglineException(ErrorCode.INTERNAL, "offset " + entry.offset() + " holds no message", e);
        }
    }

    private PositionReply position(PositionRequest request, Deadline deadline) {
        var named = request.getEndpoint();
        Endpoint endpoint = named.getDevice().isEmpty()
                ? Endpoint.checked(named.getProduct(), named.getUser(), Endpoint.DEFAULT_DEVICE)
                        .withDevice("")
                : Endpoint.checked(named.getProduct(), named.getUser(), named.getDevice());
        Positions.Wish wish = new Positions.Wish(
                request.hasFrom() ? OptionalLong.of(number(request.getFrom())) : OptionalLong.empty(),
                request.hasAfter() ? OptionalLong.of(number(request.getAfter())) : OptionalLong.empty(),
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
        long passed =
                positions.pass(endpoint, Topic.checkedName(request.getTopic()), number(request.getOffset()), deadline);
        return PassReply.newBuilder().setOffset(passed).build();
    }

    private UntoldReply untold(UntoldRequest request, Deadline deadline) {
        int shard = Shards.require("shard", request.getShard());
        long olderThanMs = Integer.toUnsignedLong(request.getOlderThanMs());
        UntoldReply.Builder reply = UntoldReply.newBuilder();
        for (TopicStore.Untold untold :
                reached.untold(shard, olderThanMs, limit(request.getLimit(), LONGEST_LIST), deadline)) {
            reply.addTopics(UntoldTopic.newBuilder()
                    .setProduct(untold.topic().product())
                    .setTopic(untold.topic().name())
                    .setOffset(untold.offset())
                    .setSinceMs(untold.sinceMs()));
        }
        return reply.build();
    }

    private ToldReply told(ToldRequest request, Deadline deadline) {
        Map<String, Reach> rooms = new TreeMap<>();
        request.getRoomsMap()
                .forEach((room, reach) -> rooms.put(
                        Ids.require("rooms", room),
                        new Reach(number(reach.getFollowers()), number(reach.getWritten()))));
        Topic topic = Topic.checked(request.getProduct(), request.getTopic());
        reached.told(topic, number(request.getUpto()), rooms, request.getAll(), deadline);
        return ToldReply.getDefaultInstance();
    }

    private SentReply sent(SentRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int shard = Shards.require("shard", request.getShard());
        long offset = number(request.getOffset());
        Send send = reached.sent(product, shard, offset, deadline)
                .orElseThrow(() -> new LonglineException(
                        ErrorCode.JOB_NOT_FOUND, "there is no send t" + shard + "-" + offset + ", or it is over"));
        SentReply.Builder reply = SentReply.newBuilder()
                .setTopic(send.topic().name())
                .setMessageId(send.messageId())
                .setSentAtMs(send.sentAtMs())
                .setExpiresAtMs(send.expiresAtMs())
                .setTold(send.told());
        send.rooms()
                .forEach((room, reach) -> reply.putRooms(
                        room,
                        RoomReach.newBuilder()
                                .setFollowers(reach.followers())
                                .setWritten(reach.written())
                                .build()));
        return reply.build();
    }

    private NamesReply names(NamesRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int shard = Shards.require("shard", request.getShard());
        String after = request.getAfter().isEmpty() ? "" : Ids.require("after", request.getAfter());
        NamesReply.Builder reply = NamesReply.newBuilder();
        for (TopicStore.Named named :
                logs.names(product, shard, after, limit(request.getLimit(), LONGEST_LIST), deadline)) {
            reply.addTopics(TopicName.newBuilder()
                    .setTopic(named.topic())
                    .setOffset(named.offset())
                    .setMessages(named.messages()));
        }
        return reply.build();
    }

    /** An unsigned number that comes from outside; beyond 2^53 nothing is told apart any more. */
    private static long number(long unsigned) {
        return Long.compareUnsigned(unsigned, GREATEST_OFFSET) > 0 ? GREATEST_OFFSET : unsigned;
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
