package io.longline.room.fanout;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Replies;
import io.longline.keeper.rpc.RpcService;
import io.longline.room.delivery.Messages;
import io.longline.rpc.v1.EveryoneReply;
import io.longline.rpc.v1.EveryoneRequest;
import io.longline.rpc.v1.FanoutGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Messages to many, as other services give them. */
public final class FanoutGrpcService {
    private static final BatchMethod<EveryoneRequest, EveryoneReply> EVERYONE =
            BatchMethod.of(FanoutGrpc.getEveryoneMethod(), EveryoneRequest.class, EveryoneReply.class);

    private final Everybody everybody;

    public FanoutGrpcService(Everybody everybody) {
        this.everybody = everybody;
    }

    public RpcService service() {
        return RpcService.of(FanoutGrpc.getServiceDescriptor()).inParts(EVERYONE, this::everyone);
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
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
                .orTimeout(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    private static EveryoneReply toRpc(Reached reached) {
        return EveryoneReply.newBuilder()
                .setWritten(reached.written())
                .setDropped(reached.dropped())
                .build();
    }
}
