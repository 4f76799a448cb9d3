package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** One gRPC service and the handlers of its methods. Filled while the server is put together, by one thread. */
public final class RpcService {
    private final ServiceDescriptor descriptor;
    private final List<Function<ServerWork, ServerMethodDefinition<?, ?>>> methods = new ArrayList<>();

    private RpcService(ServiceDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** The descriptor of the generated {@code XGrpc} class. */
    public static RpcService of(ServiceDescriptor descriptor) {
        return new RpcService(descriptor);
    }

    /** A batched method whose requests are done in one step, all together. */
    public <Q extends Message, A extends Message> RpcService batched(
            BatchMethod<Q, A> method, BatchHandler<Q, A> handler) {
        return inParts(method, (requests, deadline, replies) -> replies.putAll(handler.handle(requests, deadline)));
    }

    /** A batched method whose requests are answered as they are done. */
    public <Q extends Message, A extends Message> RpcService inParts(
            BatchMethod<Q, A> method, PartialHandler<Q, A> handler) {
        return streamed(method, BatchStart.together(handler));
    }

    /** A batched method whose requests have nothing to do with each other: each is done, and waits, for itself alone. */
    public <Q extends Message, A extends Message> RpcService sideBySide(
            BatchMethod<Q, A> method, ItemHandler<Q, A> handler) {
        return streamed(method, BatchStart.sideBySide(handler, Duration.ZERO));
    }

    /**
     * The same, where nobody waits for the replies: they leave when the last of a batch is there, or after so long. Each time that some leave costs both
     * sides as much as many replies do.
     */
    public <Q extends Message, A extends Message> RpcService sideBySide(
            BatchMethod<Q, A> method, ItemHandler<Q, A> handler, Duration patience) {
        return streamed(method, BatchStart.sideBySide(handler, patience));
    }

    private <Q extends Message, A extends Message> RpcService streamed(
            BatchMethod<Q, A> method, BatchStart<Q, A> start) {
        methods.add(work -> {
            MethodWork share = work.of(method);
            return ServerMethodDefinition.create(method.descriptor(), (call, headers) -> {
                BatchStream<Q, A> stream = new BatchStream<>(call, method, start, work, share);
                stream.open();
                return stream;
            });
        });
        return this;
    }

    /**
     * One request, answered by a stream. The handler runs on a virtual thread; handing on a part waits while the caller does
     * not read, and throws when it has gone.
     */
    public <Q, A> RpcService streaming(MethodDescriptor<Q, A> method, BiConsumer<Q, Consumer<A>> handler) {
        methods.add(work -> ServerMethodDefinition.create(method, (call, headers) -> {
            AnswerStream<Q, A> stream = new AnswerStream<>(call, handler, work);
            stream.open();
            return stream;
        }));
        return this;
    }

    /** Fails when a method has no handler, or a handler is of another service. */
    ServerServiceDefinition define(ServerWork work) {
        ServerServiceDefinition.Builder builder = ServerServiceDefinition.builder(descriptor);
        methods.forEach(method -> builder.addMethod(method.apply(work)));
        return builder.build();
    }
}
