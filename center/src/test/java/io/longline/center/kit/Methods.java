package io.longline.center.kit;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.rpc.BatchHandler;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcService;
import java.util.function.Function;

/** Registers handlers of single requests. */
final class Methods {

    private Methods() {}

    /** @param failed makes the reply that carries an error */
    static <Q extends Message, A extends Message> void each(
            RpcService service,
            MethodDescriptor<? extends Message, ? extends Message> method,
            Class<Q> request,
            Class<A> reply,
            Function<Q, A> handler,
            Function<com.google.rpc.Status, A> failed) {
        BatchHandler<Q, A> batch = (requests, deadline) -> requests.stream()
                .map(one -> {
                    try {
                        return handler.apply(one);
                    } catch (RuntimeException e) {
                        return failed.apply(ErrorTranslator.toStatus(e));
                    }
                })
                .toList();
        service.batched(BatchMethod.of(method, request, reply), batch);
    }

    /** A method that center does not call. */
    static <Q extends Message, A extends Message> void unused(
            RpcService service,
            MethodDescriptor<? extends Message, ? extends Message> method,
            Class<Q> request,
            Class<A> reply) {
        BatchHandler<Q, A> batch = (requests, deadline) -> {
            throw new UnsupportedOperationException("center has no business with " + method.getFullMethodName());
        };
        service.batched(BatchMethod.of(method, request, reply), batch);
    }
}
