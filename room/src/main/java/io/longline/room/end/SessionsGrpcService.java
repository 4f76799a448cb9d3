package io.longline.room.end;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.room.delivery.Messages;
import io.longline.room.refill.Refill;
import io.longline.room.topic.Refollow;
import io.longline.room.transport.Ending;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.RefollowReply;
import io.longline.rpc.v1.RefollowRequest;
import io.longline.rpc.v1.SessionsGrpc;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What coordinator and register ask about sessions. */
public final class SessionsGrpcService {
    private static final BatchMethod<EndRequest, EndReply> END =
            BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class);

    private static final BatchMethod<RefollowRequest, RefollowReply> REFOLLOW =
            BatchMethod.of(SessionsGrpc.getRefollowMethod(), RefollowRequest.class, RefollowReply.class);

    private final Ends ends;
    private final Refollow refollow;
    private final Refill refill;

    public SessionsGrpcService(Ends ends, Refollow refollow, Refill refill) {
        this.ends = ends;
        this.refollow = refollow;
        this.refill = refill;
    }

    public RpcService service() {
        return RpcService.of(SessionsGrpc.getServiceDescriptor())
                .batched(END, this::end)
                .batched(REFOLLOW, this::refollow)
                .streaming(SessionsGrpc.getRefillMethod(), this::refill);
    }

    private List<EndReply> end(List<EndRequest> requests, Deadline deadline) {
        List<CompletableFuture<Boolean>> ended = requests.stream()
                .map(request -> ends.end(
                        Messages.fromRpc(request.getPlace()),
                        request.getGeneration(),
                        Ending.ofNumber(request.getCode(), request.getReason(), request.getRetryAfterMs())))
                .toList();
        return ended.stream()
                .map(one -> EndReply.newBuilder().setEnded(one.join()).build())
                .toList();
    }

    private List<RefollowReply> refollow(List<RefollowRequest> requests, Deadline deadline) {
        List<CompletableFuture<Boolean>> told = requests.stream()
                .map(request -> refollow.tell(Messages.fromRpc(request.getPlace()), request.getGeneration()))
                .toList();
        return told.stream()
                .map(one -> RefollowReply.newBuilder().setFound(one.join()).build())
                .toList();
    }

    private void refill(RefillRequest request, Consumer<RefillRow> answer) {
        refill.tell(
                Set.copyOf(request.getShardsList()),
                route -> answer.accept(RefillRow.newBuilder()
                        .setEndpoint(Messages.toRpc(route.endpoint()))
                        .setPlace(Messages.toRpc(route.place()))
                        .setGeneration(route.generation())
                        .setSinceMs(route.sinceMs())
                        .setNetwork(route.network())
                        .build()),
                ended -> answer.accept(RefillRow.newBuilder()
                        .setEndpoint(Messages.toRpc(ended.endpoint()))
                        .setEndedGeneration(ended.generation())
                        .build()));
    }
}
