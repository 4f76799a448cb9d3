package io.longline.saver.inbox;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.AckReply;
import io.longline.rpc.v1.AckRequest;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.OpenReply;
import io.longline.rpc.v1.OpenRequest;
import io.longline.rpc.v1.PendingReply;
import io.longline.rpc.v1.PendingRequest;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.State;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.UnsentEndpoint;
import io.longline.rpc.v1.UnsentReply;
import io.longline.rpc.v1.UnsentRequest;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.inbox.AppendOutcome.Full;
import io.longline.saver.inbox.AppendOutcome.NoRoom;
import java.time.Duration;
import java.util.List;

/** The service {@code Inboxes}: reads requests, has {@link Inbox} do them, writes replies. */
public final class InboxGrpcService {
    private static final long GREATEST_SEQ = 1L << 53;
    private static final int LONGEST_PAGE = 1000;
    private static final int DEFAULT_PAGE = 64;
    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(5);
    /** Nobody waits for the answer to an ack: a room tells the next one of the same session after it. */
    private static final Duration ACKED_TOGETHER = Duration.ofMillis(20);

    private final Inbox inbox;

    public InboxGrpcService(Inbox inbox) {
        this.inbox = inbox;
    }

    public RpcService service() {
        return RpcService.of(InboxesGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(InboxesGrpc.getStoreMethod(), StoreRequest.class, StoreReply.class), this::store)
                .sideBySide(BatchMethod.of(InboxesGrpc.getOpenMethod(), OpenRequest.class, OpenReply.class), this::open)
                .sideBySide(BatchMethod.of(InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class), this::load)
                .sideBySide(
                        BatchMethod.of(InboxesGrpc.getAckMethod(), AckRequest.class, AckReply.class),
                        this::ack,
                        ACKED_TOGETHER)
                .sideBySide(
                        BatchMethod.of(InboxesGrpc.getSettleMethod(), SettleRequest.class, SettleReply.class),
                        this::settle)
                .sideBySide(
                        BatchMethod.of(InboxesGrpc.getUnsentMethod(), UnsentRequest.class, UnsentReply.class),
                        this::unsent)
                .sideBySide(
                        BatchMethod.of(InboxesGrpc.getPendingMethod(), PendingRequest.class, PendingReply.class),
                        this::pending)
                .sideBySide(
                        BatchMethod.of(InboxesGrpc.getForgetMethod(), ForgetRequest.class, ForgetReply.class),
                        this::forget);
    }

    private StoreReply store(StoreRequest request, Deadline deadline) {
        Message message = request.getMessage();
        NewCopy copy = new NewCopy(
                endpoint(request.getEndpoint()),
                Ids.require("message.message_id", message.getMessageId()),
                seq(message.getExpiresAtMs()),
                collapseKey(message),
                urgency(message),
                message.toByteString(),
                request.getJobId().isEmpty() ? "" : Ids.require("job_id", request.getJobId()));
        return switch (inbox.store(copy, deadline)) {
            case Appended appended -> {
                InboxLog.stored(copy, appended);
                yield StoreReply.newBuilder()
                        .setDevice(appended.device())
                        .setSeq(appended.seq())
                        .setBefore(appended.before())
                        .setRepeated(appended.repeated())
                        .setState(State.valueOf(appended.state().name()))
                        .setReason(appended.reason())
                        .build();
            }
            case Full full ->
                throw new LonglineException(
                                ErrorCode.INBOX_FULL,
                                "the inbox of user " + copy.endpoint().user() + ", device "
                                        + copy.endpoint().device() + " is full")
                        .retryAfter(FULL_RETRY_AFTER);
            case NoRoom noRoom ->
                throw new LonglineException(ErrorCode.QUEUE_FULL, "the memory for messages that wait is full")
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

    /** Nothing gives way to what is for now or never: it may reach nobody, and what waits would be lost for it. */
    private static String collapseKey(Message message) {
        String key = message.getCollapseKey();
        if (!key.isEmpty()) {
            Ids.require("message.collapse_key", key);
        }
        return message.getExpiresAtMs() == message.getSentAtMs() ? "" : key;
    }

    private OpenReply open(OpenRequest request, Deadline deadline) {
        Endpoint endpoint = endpoint(request.getEndpoint());
        Reading first = Reading.first(limit(request.getLimit()), seq(request.getGeneration()), request.getNode());
        Page page = inbox.open(endpoint, seq(request.getAckSeq()), first, deadline);
        return OpenReply.newBuilder()
                .setNeverAcksMs(page.neverAcksMs())
                .setAcked(page.acked())
                .setPending(page.pending())
                .addAllMessages(messages(endpoint, page, first))
                .setMore(page.more())
                .setUpto(page.upto())
                .setReplaced(page.replaced())
                .build();
    }

    private LoadReply load(LoadRequest request, Deadline deadline) {
        Endpoint endpoint = endpoint(request.getEndpoint());
        Reading reading = Reading.further(
                seq(request.getAfter()), limit(request.getLimit()), seq(request.getGeneration()), request.getNode());
        Page page = inbox.load(endpoint, reading, deadline);
        return LoadReply.newBuilder()
                .addAllMessages(messages(endpoint, page, reading))
                .setMore(page.more())
                .setUpto(page.upto())
                .setReplaced(page.replaced())
                .build();
    }

    private static List<StoredMessage> messages(Endpoint endpoint, Page page, Reading reading) {
        List<StoredMessage> messages =
                page.messages().stream().map(InboxGrpcService::message).toList();
        messages.forEach(
                one -> InboxLog.loaded(endpoint, one.getSeq(), one.getMessage().getMessageId(), reading.room()));
        return messages;
    }

    private static StoredMessage message(Page.Stored stored) {
        try {
            return StoredMessage.newBuilder()
                    .setSeq(stored.seq())
                    .setMessage(Message.parseFrom(stored.message()))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new LonglineException(ErrorCode.INTERNAL, "seq " + stored.seq() + " holds no message", e);
        }
    }

    private AckReply ack(AckRequest request, Deadline deadline) {
        Endpoint endpoint = endpoint(request.getEndpoint());
        Ack ack = new Ack(seq(request.getSeq()), request.getNode(), seq(request.getGeneration()));
        long acked = inbox.ack(endpoint, ack, deadline);
        InboxLog.acked(endpoint, acked, request.getNode());
        return AckReply.newBuilder().setAcked(acked).build();
    }

    private SettleReply settle(SettleRequest request, Deadline deadline) {
        CopyState state = switch (request.getState()) {
            case STORED -> CopyState.STORED;
            case WRITTEN -> CopyState.WRITTEN;
            case EXPIRED -> CopyState.EXPIRED;
            case COLLAPSED -> CopyState.COLLAPSED;
            case DROPPED -> CopyState.DROPPED;
            case RECALLED -> CopyState.RECALLED;
            default ->
                throw LonglineException.invalid(
                        "state",
                        "is " + request.getState()
                                + ", expected STORED, WRITTEN, EXPIRED, COLLAPSED, DROPPED or RECALLED");
        };
        String messageId = request.getMessageId();
        if (!messageId.isEmpty()) {
            Ids.require("message_id", messageId);
        }
        String reason = request.getReason();
        if (!reason.isEmpty()) {
            Ids.require("reason", reason);
        }
        Settlement.By by = new Settlement.By(request.getNode(), Integer.toUnsignedLong(request.getRoutedMs()));
        Settlement settlement = new Settlement(
                endpoint(request.getEndpoint()),
                seq(request.getSeq()),
                messageId,
                state,
                reason,
                by,
                request.getRefuse());
        InboxLog.settled(settlement);
        Settlement.Settled now =
                state == CopyState.RECALLED ? inbox.recall(settlement, deadline) : inbox.settle(settlement, deadline);
        return SettleReply.newBuilder()
                .setState(State.valueOf(now.state().orElse(state).name()))
                .setDevice(now.device())
                .setSeq(now.isOfCopy() ? now.seq() : 0)
                .build();
    }

    private UnsentReply unsent(UnsentRequest request, Deadline deadline) {
        int shard = Shards.require("shard", request.getShard());
        long olderThanMs = Integer.toUnsignedLong(request.getOlderThanMs());
        UnsentReply.Builder reply = UnsentReply.newBuilder();
        int limit = limit(request.getLimit());
        for (InboxStore.Unsent unsent : inbox.unsent(shard, seq(request.getFromSeq()), olderThanMs, limit, deadline)) {
            reply.addEndpoints(UnsentEndpoint.newBuilder()
                    .setEndpoint(io.longline.rpc.v1.Endpoint.newBuilder()
                            .setProduct(unsent.endpoint().product())
                            .setUser(unsent.endpoint().user())
                            .setDevice(unsent.endpoint().device()))
                    .setSeq(unsent.seq()));
        }
        return reply.build();
    }

    private PendingReply pending(PendingRequest request, Deadline deadline) {
        long pending = inbox.pending(endpoint(request.getEndpoint()), deadline);
        return PendingReply.newBuilder().setPending(pending).build();
    }

    private ForgetReply forget(ForgetRequest request, Deadline deadline) {
        DropReason why = request.getEmptied() ? DropReason.EMPTIED : DropReason.FORGOTTEN;
        int dropped = inbox.forget(endpoint(request.getEndpoint()), seq(request.getUptoSeq()), why, deadline);
        return ForgetReply.newBuilder().setDropped(dropped).build();
    }

    private static Endpoint endpoint(io.longline.rpc.v1.Endpoint endpoint) {
        return Endpoint.checked(endpoint.getProduct(), endpoint.getUser(), endpoint.getDevice());
    }

    /** An unsigned number that comes from outside; beyond 2^53 nothing is told apart any more. */
    private static long seq(long unsigned) {
        return Long.compareUnsigned(unsigned, GREATEST_SEQ) > 0 ? GREATEST_SEQ : unsigned;
    }

    private static int limit(int unsigned) {
        return unsigned == 0 ? DEFAULT_PAGE : Math.clamp(Integer.toUnsignedLong(unsigned), 1, LONGEST_PAGE);
    }
}
