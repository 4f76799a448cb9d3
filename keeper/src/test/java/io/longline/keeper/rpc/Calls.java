package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.RefollowReply;
import io.longline.rpc.v1.RefollowRequest;
import io.longline.rpc.v1.SessionsGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A batched method of the shape, and what tests say with it: the seq of a request comes back in the reply's reason. */
final class Calls {
    static final BatchMethod<HandOverRequest, HandOverReply> HAND_OVER =
            BatchMethod.of(DeliveryGrpc.getHandOverMethod(), HandOverRequest.class, HandOverReply.class);

    static final BatchMethod<EndRequest, EndReply> END =
            BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class);

    private static final BatchMethod<RefollowRequest, RefollowReply> REFOLLOW =
            BatchMethod.of(SessionsGrpc.getRefollowMethod(), RefollowRequest.class, RefollowReply.class);

    private Calls() {}

    /** A second service with a second method. */
    static RpcService ends(ItemHandler<EndRequest, EndReply> handler) {
        return RpcService.of(SessionsGrpc.getServiceDescriptor())
                .sideBySide(END, handler)
                .batched(REFOLLOW, (requests, deadline) -> List.of())
                .streaming(SessionsGrpc.getRefillMethod(), (request, answer) -> {});
    }

    /** The same service, for its method with many answers. */
    static RpcService refills(BiConsumer<RefillRequest, Consumer<RefillRow>> handler) {
        return RpcService.of(SessionsGrpc.getServiceDescriptor())
                .batched(END, (requests, deadline) -> List.of())
                .batched(REFOLLOW, (requests, deadline) -> List.of())
                .streaming(SessionsGrpc.getRefillMethod(), handler);
    }

    static EndRequest end(long generation) {
        return EndRequest.newBuilder().setGeneration(generation).build();
    }

    static HandOverRequest request(long seq) {
        return HandOverRequest.newBuilder().setSeq(seq).build();
    }

    static HandOverReply reply(HandOverRequest request) {
        return HandOverReply.newBuilder().setReason("seq " + request.getSeq()).build();
    }

    static List<HandOverReply> replies(List<HandOverRequest> requests) {
        return requests.stream().map(Calls::reply).toList();
    }

    static RpcService service(BatchHandler<HandOverRequest, HandOverReply> handler) {
        return RpcService.of(DeliveryGrpc.getServiceDescriptor()).batched(HAND_OVER, handler);
    }

    static RpcService inParts(PartialHandler<HandOverRequest, HandOverReply> handler) {
        return RpcService.of(DeliveryGrpc.getServiceDescriptor()).inParts(HAND_OVER, handler);
    }

    static RpcService sideBySide(ItemHandler<HandOverRequest, HandOverReply> handler) {
        return RpcService.of(DeliveryGrpc.getServiceDescriptor()).sideBySide(HAND_OVER, handler);
    }

    static RpcService sideBySide(ItemHandler<HandOverRequest, HandOverReply> handler, Duration patience) {
        return RpcService.of(DeliveryGrpc.getServiceDescriptor()).sideBySide(HAND_OVER, handler, patience);
    }

    static Deadline seconds(int seconds) {
        return Deadline.after(Duration.ofSeconds(seconds));
    }

    /** The error a future ended with, which must be ours and not wrapped. */
    static LonglineException failure(CompletableFuture<?> future) {
        Throwable thrown = catchThrowable(() -> future.get(30, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        assertThat(thrown.getCause()).isInstanceOf(LonglineException.class);
        return (LonglineException) thrown.getCause();
    }
}
