package io.longline.room.fanout;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Replies;
import io.longline.keeper.rpc.RpcService;
import io.longline.room.delivery.Messages;
import io.longline.room.topic.Reach;
import io.longline.room.topic.TopicHint;
import io.longline.room.topic.TopicReached;
import io.longline.rpc.v1.EveryoneReply;
import io.longline.rpc.v1.EveryoneRequest;
import io.longline.rpc.v1.FanoutGrpc;
import io.longline.rpc.v1.ReachReply;
import io.longline.rpc.v1.ReachRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Messages to many, as other services give them. */
public final class FanoutGrpcService {
    private static final BatchMethod<EveryoneRequest, EveryoneReply> EVERYONE =
            BatchMethod.of(FanoutGrpc.getEveryoneMethod(), EveryoneRequest.class, EveryoneReply.class);

    private static final BatchMethod<ReachRequest, ReachReply> REACH =
            BatchMethod.of(FanoutGrpc.getReachMethod(), ReachRequest.class, ReachReply.class);

    private final Everybody everybody;
    private final Reach reach;

    public FanoutGrpcService(Everybody everybody, Reach reach) {
        this.everybody = everybody;
        this.reach = reach;
    }

    public RpcService service() {
        return RpcService.of(FanoutGrpc.getServiceDescriptor())
                .inParts(EVERYONE, this::everyone)
                .inParts(REACH, this::reach);
    }

    /** Blocks until all are told; what the deadline cuts off goes on, and nobody hears of it. */
    private void everyone(List<EveryoneRequest> requests, Deadline deadline, Replies<EveryoneReply> replies) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            EveryoneRequest request = requests.get(i);
            int at = i;
            told.add(everybody
                    .tell(request.getProduct(), Messages.fromRpc(request.getMessage()))
                    .thenAccept(reached -> replies.put(at, toRpc(reached))));
        }
        await(told, deadline);
    }

    /** Likewise. */
    private void reach(List<ReachRequest> requests, Deadline deadline, Replies<ReachReply> replies) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            ReachRequest request = requests.get(i);
            int at = i;
            told.add(reach.tell(request.getProduct(), request.getTopic(), hint(request))
                    .thenAccept(reached -> replies.put(at, toRpc(reached))));
        }
        await(told, deadline);
    }

    private static void await(List<CompletableFuture<Void>> told, Deadline deadline) {
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
                .orTimeout(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    private static TopicHint hint(ReachRequest request) {
        return new TopicHint(
                request.getOffset(),
                request.getBefore(),
                request.hasMessage() ? Messages.fromRpc(request.getMessage()) : null);
    }

    private static ReachReply toRpc(TopicReached reached) {
        return ReachReply.newBuilder()
                .setFollowers(reached.followers())
                .setWritten(reached.written())
                .build();
    }

    private static EveryoneReply toRpc(Reached reached) {
        return EveryoneReply.newBuilder()
                .setWritten(reached.written())
                .setDropped(reached.dropped())
                .build();
    }
}
