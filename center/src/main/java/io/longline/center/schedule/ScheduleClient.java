package io.longline.center.schedule;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
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
import io.longline.rpc.v1.SchedulesGrpc;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Has saver keep what is to be sent later. */
public final class ScheduleClient {
    private static final BatchMethod<KeepRequest, KeepReply> KEEP =
            BatchMethod.of(SchedulesGrpc.getKeepMethod(), KeepRequest.class, KeepReply.class);
    private static final BatchMethod<DueRequest, DueReply> DUE =
            BatchMethod.of(SchedulesGrpc.getDueMethod(), DueRequest.class, DueReply.class);
    private static final BatchMethod<FinishRequest, FinishReply> FINISH =
            BatchMethod.of(SchedulesGrpc.getFinishMethod(), FinishRequest.class, FinishReply.class);
    private static final BatchMethod<PostponeRequest, PostponeReply> POSTPONE =
            BatchMethod.of(SchedulesGrpc.getPostponeMethod(), PostponeRequest.class, PostponeReply.class);
    private static final BatchMethod<CancelRequest, CancelReply> CANCEL =
            BatchMethod.of(SchedulesGrpc.getCancelMethod(), CancelRequest.class, CancelReply.class);

    private final Peers savers;

    public ScheduleClient(Peers savers) {
        this.savers = savers;
    }

    /** What a push that is to be sent later has come to. */
    public enum Keeping {
        KEPT,
        /** It was kept before. */
        REPEATED,
        /** It was kept before, and has been sent or recalled since. */
        OVER
    }

    /** What a recall has come to. */
    public enum Recall {
        DONE,
        /** It is being sent. */
        BEGUN,
        /** There is none, or it was sent. */
        NOTHING
    }

    /** Claims its id and keeps it; IDEMPOTENCY_CONFLICT where the id was claimed for another body. */
    public Keeping keep(Push push, Deadline deadline) {
        KeepRequest request = KeepRequest.newBuilder()
                .setProduct(push.product())
                .setMessageId(push.messageId())
                .setBodyHash(push.repeatable() ? UnsafeByteOperations.unsafeWrap(push.bodyHash()) : ByteString.EMPTY)
                .setSendAtMs(push.options().sendAtMs())
                .setExpiresAtMs(push.options().sendAtMs() + push.options().ttl().toMillis())
                .addAllTargets(push.targets().stream().map(ScheduleWire::target).toList())
                .setPush(ScheduleWire.kept(push).toByteString())
                .setPriority(Wire.priority(push.options().priority()))
                .build();
        KeepReply reply = await(KEEP, push.product(), push.messageId(), request, deadline);
        if (reply.getOver()) {
            return Keeping.OVER;
        }
        return reply.getRepeated() ? Keeping.REPEATED : Keeping.KEPT;
    }

    /**
     * A page of what is due in each of these shards, those that do not answer left out; throws only if none answers. Nobody else is told of it for
     * that time.
     */
    public Map<Integer, DuePage> due(Collection<Integer> shards, int limit, Duration begun, Deadline deadline) {
        Map<Integer, CompletableFuture<DueReply>> asked = new HashMap<>();
        for (int shard : shards) {
            DueRequest request = DueRequest.newBuilder()
                    .setShard(shard)
                    .setLimit(limit)
                    .setBegunMs((int) begun.toMillis())
                    .build();
            asked.put(shard, savers.call(shard, DUE, request, deadline));
        }
        Map<Integer, DuePage> pages = new HashMap<>();
        LonglineException failure = null;
        for (Map.Entry<Integer, CompletableFuture<DueReply>> shard : asked.entrySet()) {
            try {
                pages.put(shard.getKey(), page(shard.getValue().join()));
            } catch (CompletionException e) {
                failure = unanswered(e);
            }
        }
        if (failure != null && pages.isEmpty()) {
            throw failure;
        }
        return pages;
    }

    private static DuePage page(DueReply reply) {
        return new DuePage(
                reply.getMessagesList().stream().map(ScheduleClient::due).toList(),
                reply.getWaiting(),
                reply.getMore());
    }

    private static DuePush due(DueMessage message) {
        return new DuePush(
                message.getProduct(),
                message.getMessageId(),
                message.getSendAtMs(),
                message.getRun(),
                message.getTries(),
                message.getPush());
    }

    /**
     * It was sent to all its targets but these.
     *
     * @param expired whose inbox did not take it before its time was over
     * @param failed whose inbox never will
     */
    public void finish(DuePush due, List<Target> expired, List<Target> failed, Deadline deadline) {
        FinishRequest request = FinishRequest.newBuilder()
                .setProduct(due.product())
                .setMessageId(due.messageId())
                .setRun(due.run())
                .addAllExpired(expired.stream().map(ScheduleWire::target).toList())
                .addAllFailed(failed.stream().map(ScheduleWire::target).toList())
                .build();
        FinishReply _ = await(FINISH, due.product(), due.messageId(), request, deadline);
    }

    /**
     * It could not be sent to all its targets, and is due again after that time.
     *
     * @param certain where it has not been sent to it is not stored either
     */
    public void postpone(DuePush due, Duration delay, boolean certain, Deadline deadline) {
        PostponeRequest request = PostponeRequest.newBuilder()
                .setProduct(due.product())
                .setMessageId(due.messageId())
                .setRun(due.run())
                .setDelayMs((int) delay.toMillis())
                .setCertain(certain)
                .build();
        PostponeReply _ = await(POSTPONE, due.product(), due.messageId(), request, deadline);
    }

    /** Nobody gets it who has not been sent it yet. */
    public Recall recall(String product, String messageId, Deadline deadline) {
        CancelRequest request = CancelRequest.newBuilder()
                .setProduct(product)
                .setMessageId(messageId)
                .build();
        Cancelled outcome = await(CANCEL, product, messageId, request, deadline).getOutcome();
        return switch (outcome) {
            case CANCEL_DONE -> Recall.DONE;
            case CANCEL_BEGUN -> Recall.BEGUN;
            case CANCEL_NOTHING, CANCEL_UNSPECIFIED, UNRECOGNIZED -> Recall.NOTHING;
        };
    }

    private <Q extends Message, A extends Message> A await(
            BatchMethod<Q, A> method, String product, String messageId, Q request, Deadline deadline) {
        try {
            return savers.await(Shards.key(product, messageId), method, request, deadline);
        } catch (LonglineException e) {
            throw unanswered(e);
        }
    }

    private static LonglineException unanswered(Throwable error) {
        LonglineException known = Unanswered.by("saver", error);
        return known.code() == ErrorCode.METHOD_NOT_ALLOWED
                ? LonglineException.dependencyDown("saver", "saver is of an earlier release and keeps nothing", known)
                : known;
    }
}
