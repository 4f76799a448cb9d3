package io.longline.register.route;

import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.ForgetDevicesReply;
import io.longline.rpc.v1.ForgetDevicesRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.util.Optional;
import java.util.OptionalLong;

/** What a back end may change in {@code Routes}: its users and their devices are forgotten. */
public final class ForgetGrpcService {
    private static final BatchMethod<ForgetDevicesRequest, ForgetDevicesReply> FORGET_DEVICES =
            BatchMethod.of(RoutesGrpc.getForgetDevicesMethod(), ForgetDevicesRequest.class, ForgetDevicesReply.class);

    private final ForgetFlow flow;

    public ForgetGrpcService(ForgetFlow flow) {
        this.flow = flow;
    }

    public RpcService addTo(RpcService routes) {
        return routes.sideBySide(FORGET_DEVICES, this::forget);
    }

    private ForgetDevicesReply forget(ForgetDevicesRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        String user = Ids.require("user", request.getUser());
        Optional<String> device =
                Optional.of(request.getDevice()).filter(text -> !text.isEmpty()).map(id -> Ids.require("device", id));
        OptionalLong upto =
                request.hasUptoGeneration() ? OptionalLong.of(request.getUptoGeneration()) : OptionalLong.empty();
        ForgetFlow.Forgotten forgotten = flow.forget(product, user, device, upto, deadline);
        Forgetting devices = forgotten.devices();
        return ForgetDevicesReply.newBuilder()
                .addAllDevices(devices.devices().subList(0, devices.known()))
                .setSessions(devices.sessions())
                .setDropped(forgotten.dropped())
                .build();
    }
}
