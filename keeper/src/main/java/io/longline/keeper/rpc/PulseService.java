package io.longline.keeper.rpc;

import com.google.protobuf.Empty;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;

/** A call that does nothing, which every server of ours answers at once: who answers it is there, and reads. */
final class PulseService {
    static final MethodDescriptor<Empty, Empty> BEAT = MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("longline.keeper.Pulse/Beat")
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
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
        private final ServerCall<Empty, Empty> call;

        Answer(ServerCall<Empty, Empty> call) {
            this.call = call;
        }

        @Override
        public void onHalfClose() {
            call.sendHeaders(new Metadata());
            call.sendMessage(Empty.getDefaultInstance());
            call.close(Status.OK, new Metadata());
        }
    }
}
