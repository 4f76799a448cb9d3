package io.longline.keeper.rpc;

import com.google.protobuf.Empty;
import com.google.protobuf.UInt64Value;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;

/**
 * A call that every server of ours answers at once with the time on its {@link SteadyClock}: who answers it is there, and reads,
 * and deadlines can be told on its clock.
 */
final class PulseService {
    static final MethodDescriptor<Empty, UInt64Value> BEAT = MethodDescriptor.<Empty, UInt64Value>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("longline.keeper.Pulse/Beat")
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(UInt64Value.getDefaultInstance()))
            .build();

    private PulseService() {}

    static ServerServiceDefinition define() {
        return ServerServiceDefinition.builder("longline.keeper.Pulse")
                .addMethod(BEAT, (call, headers) -> {
                    call.request(2); // One is expected; a second one makes gRPC end the call.
                    return new Answer(call);
                })
                .build();
    }

    private static final class Answer extends ServerCall.Listener<Empty> {
        private final ServerCall<Empty, UInt64Value> call;

        Answer(ServerCall<Empty, UInt64Value> call) {
            this.call = call;
        }

        @Override
        public void onHalfClose() {
            call.sendHeaders(new Metadata());
            call.sendMessage(UInt64Value.of(SteadyClock.millis()));
            call.close(Status.OK, new Metadata());
        }
    }
}
