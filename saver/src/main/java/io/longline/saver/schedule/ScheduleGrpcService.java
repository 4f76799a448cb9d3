package io.longline.saver.schedule;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.CancelReply;
import io.longline.rpc.v1.CancelRequest;
import io.longline.rpc.v1.Cancelled;
import io.longline.rpc.v1.DueMessage;
import io.longline.rpc.v1.DueReply;
import io.longline.rpc.v1.DueRequest;
import io.longline.rpc.v1.FinishReply;
import io.longline.rpc.v1.FinishRequest;
import io.longline.rpc.v1.KeepReply;
import io.longline.rpc.v1.KeepRequest;
import io.longline.rpc.v1.PostponeReply;
import io.longline.rpc.v1.PostponeRequest;
import io.longline.rpc.v1.Priority;
import io.longline.rpc.v1.ScheduledTarget;
import io.longline.rpc.v1.SchedulesGrpc;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.message.MessageId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The service {@code Schedules}: reads requests, has {@link Schedule} do them, writes replies. */
public final class ScheduleGrpcService {
    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(5);
    private static final long GREATEST_TIME = 1L << 53;
    private static final int LONGEST_PAGE = 1000;

    private final Schedule schedule;

    public ScheduleGrpcService(Schedule schedule) {
        this.schedule = schedule;
    }

    public RpcService service() {
        return RpcService.of(SchedulesGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(SchedulesGrpc.getKeepMethod(), KeepRequest.class, KeepReply.class), this::keep)
                .sideBySide(BatchMethod.of(SchedulesGrpc.getDueMethod(), DueRequest.class, DueReply.class), this::due)
                .sideBySide(
                        BatchMethod.of(SchedulesGrpc.getFinishMethod(), FinishRequest.class, FinishReply.class),
                        this::finish)
                .sideBySide(
                        BatchMethod.of(SchedulesGrpc.getPostponeMethod(), PostponeRequest.class, PostponeReply.class),
                        this::postpone)
                .sideBySide(
                        BatchMethod.of(SchedulesGrpc.getCancelMethod(), CancelRequest.class, CancelReply.class),
                        this::cancel);
    }

    private KeepReply keep(KeepRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        if (request.getTargetsCount() == 0) {
            throw LonglineException.invalid("targets", "are none, expected at least one");
        }
        Kept message = new Kept(
                id,
                request.getBodyHash(),
                time("send_at_ms", request.getSendAtMs()),
                time("expires_at_ms", request.getExpiresAtMs()),
                request.getTargetsList().stream()
                        .map(ScheduleGrpcService::target)
                        .collect(Collectors.joining(" ")),
                request.getPush(),
                urgency(request.getPriority()));
        return switch (schedule.keep(message, deadline)) {
            case NEW -> KeepReply.getDefaultInstance();
            case AGAIN -> KeepReply.newBuilder().setRepeated(true).build();
            case OVER -> KeepReply.newBuilder().setRepeated(true).setOver(true).build();
            case CONFLICT ->
                throw new LonglineException(
                        ErrorCode.IDEMPOTENCY_CONFLICT, "message_id " + id.id() + " was used for another body");
            case NO_ROOM ->
                throw new LonglineException(ErrorCode.QUEUE_FULL, "the memory for messages to be sent later is full")
                        .retryAfter(FULL_RETRY_AFTER);
        };
    }

    private static Urgency urgency(Priority priority) {
        return switch (priority) {
            case PRIORITY_HIGH -> Urgency.HIGH;
            case PRIORITY_LOW -> Urgency.LOW;
            default -> Urgency.NORMAL;
        };
    }

    private static String target(ScheduledTarget target) {
        String device = target.getDevice();
        return Ids.require("targets.user", target.getUser()) + "/"
                + (device.isEmpty() ? "" : Ids.require("targets.device", device));
    }

    private DueReply due(DueRequest request, Deadline deadline) {
        int shard = request.getShard();
        if (shard < 0 || shard >= Shards.COUNT) {
            throw LonglineException.invalid("shard", "is " + shard + ", expected 0 to " + (Shards.COUNT - 1));
        }
        Due due = schedule.due(
                shard,
                Math.clamp(request.getLimit(), 1, LONGEST_PAGE),
                Duration.ofMillis(request.getBegunMs()),
                deadline);
        DueReply.Builder reply = DueReply.newBuilder().setWaiting(due.waiting()).setMore(due.more());
        for (Due.Message message : due.messages()) {
            reply.addMessages(DueMessage.newBuilder()
                    .setProduct(message.id().product())
                    .setMessageId(message.id().id())
                    .setSendAtMs(message.sendAtMs())
                    .setRun(due.run())
                    .setTries(message.tries())
                    .setPush(message.push()));
        }
        return reply.build();
    }

    private FinishReply finish(FinishRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        List<Unreached> unreached = Stream.concat(
                        unreached(request.getExpiredList(), CopyState.EXPIRED),
                        unreached(request.getFailedList(), CopyState.DROPPED))
                .toList();
        schedule.finish(id, request.getRun(), unreached, deadline);
        return FinishReply.getDefaultInstance();
    }

    private static Stream<Unreached> unreached(List<ScheduledTarget> targets, CopyState end) {
        return targets.stream().map(target -> new Unreached(target(target), end));
    }

    private PostponeReply postpone(PostponeRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        Duration delay = Duration.ofMillis(Math.max(0, request.getDelayMs()));
        schedule.postpone(id, request.getRun(), delay, request.getCertain(), deadline);
        return PostponeReply.getDefaultInstance();
    }

    private CancelReply cancel(CancelRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        Cancelled outcome = switch (schedule.cancel(id, deadline)) {
            case DONE -> Cancelled.CANCEL_DONE;
            case BEGUN -> Cancelled.CANCEL_BEGUN;
            case NOTHING -> Cancelled.CANCEL_NOTHING;
        };
        return CancelReply.newBuilder().setOutcome(outcome).build();
    }

    private static long time(String field, long ms) {
        if (ms <= 0 || ms > GREATEST_TIME) {
            throw LonglineException.invalid(field, "is " + ms + ", expected milliseconds since 1970");
        }
        return ms;
    }
}
