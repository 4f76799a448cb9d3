package io.longline.saver.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
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
import io.longline.rpc.v1.ScheduledTarget;
import io.longline.rpc.v1.SchedulesGrpc;
import java.time.Duration;
import java.util.List;

/** What center asks of savers about messages that are to be sent later. */
public final class SchedulesClient {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final long DAY_MS = 86_400_000;
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

    private final SaverClient client;

    public SchedulesClient(SaverClient client) {
        this.client = client;
    }

    /** To all devices of {@code u1} and the pad of {@code u2}. */
    public static KeepRequest message(String product, String id, long sendAtMs) {
        return KeepRequest.newBuilder()
                .setProduct(product)
                .setMessageId(id)
                .setBodyHash(ByteString.copyFromUtf8("body of " + id))
                .setSendAtMs(sendAtMs)
                .setExpiresAtMs(sendAtMs + DAY_MS)
                .addTargets(ScheduledTarget.newBuilder().setUser("u1"))
                .addTargets(ScheduledTarget.newBuilder().setUser("u2").setDevice("pad"))
                .setPush(ByteString.copyFromUtf8("push of " + id))
                .build();
    }

    public KeepReply keep(KeepRequest request) {
        return await(KEEP, request.getProduct(), request.getMessageId(), request);
    }

    public DueReply due(int shard) {
        DueRequest request = DueRequest.newBuilder()
                .setShard(shard)
                .setLimit(100)
                .setBegunMs(60_000)
                .build();
        return client.peers().await(shard, DUE, request, Deadline.after(TIME));
    }

    /** That message, if it is due; what else is due in its shard is begun, too. */
    public List<DueMessage> due(String product, String id) {
        return due(Shards.of(product, id)).getMessagesList().stream()
                .filter(message -> message.getMessageId().equals(id))
                .toList();
    }

    public void finish(DueMessage message) {
        FinishRequest request = FinishRequest.newBuilder()
                .setProduct(message.getProduct())
                .setMessageId(message.getMessageId())
                .setRun(message.getRun())
                .addExpired(ScheduledTarget.newBuilder().setUser("u2").setDevice("pad"))
                .build();
        await(FINISH, message.getProduct(), message.getMessageId(), request);
    }

    public void postpone(DueMessage message, int delayMs, boolean certain) {
        PostponeRequest request = PostponeRequest.newBuilder()
                .setProduct(message.getProduct())
                .setMessageId(message.getMessageId())
                .setRun(message.getRun())
                .setDelayMs(delayMs)
                .setCertain(certain)
                .build();
        await(POSTPONE, message.getProduct(), message.getMessageId(), request);
    }

    public Cancelled cancel(String product, String id) {
        CancelRequest request =
                CancelRequest.newBuilder().setProduct(product).setMessageId(id).build();
        return await(CANCEL, product, id, request).getOutcome();
    }

    private <Q extends Message, A extends Message> A await(
            BatchMethod<Q, A> method, String product, String id, Q request) {
        return client.peers().await(Shards.key(product, id), method, request, Deadline.after(TIME));
    }
}
