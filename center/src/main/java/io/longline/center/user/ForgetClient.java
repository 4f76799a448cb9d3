package io.longline.center.user;

import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.DevicesRequest;
import io.longline.rpc.v1.ForgetDevicesReply;
import io.longline.rpc.v1.ForgetDevicesRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has register forget devices, which sees to their sessions and inboxes. */
public final class ForgetClient {
    private static final BatchMethod<ForgetDevicesRequest, ForgetDevicesReply> FORGET_DEVICES =
            BatchMethod.of(RoutesGrpc.getForgetDevicesMethod(), ForgetDevicesRequest.class, ForgetDevicesReply.class);

    private static final BatchMethod<DevicesRequest, DevicesReply> DEVICES =
            BatchMethod.of(RoutesGrpc.getDevicesMethod(), DevicesRequest.class, DevicesReply.class);

    private final Peers registers;

    public ForgetClient(Peers registers) {
        this.registers = registers;
    }

    /**
     * What was forgotten.
     *
     * @param devices that were known
     * @param sessions of them that are being ended
     * @param dropped messages that waited for them
     */
    record Forgotten(List<String> devices, int sessions, long dropped) {}

    /**
     * A register that comes to it late, because it stood still while another one did it, must not forget who came back meanwhile. So
     * it is told who is meant.
     *
     * @param device null: all of the user's
     */
    Forgotten forget(String product, String user, @Nullable String device, Deadline deadline) {
        long shard = Shards.key(product, user);
        DevicesRequest who =
                DevicesRequest.newBuilder().setProduct(product).setUser(user).build();
        try {
            long generation = registers.await(shard, DEVICES, who, deadline).getGeneration();
            ForgetDevicesRequest.Builder request = ForgetDevicesRequest.newBuilder()
                    .setProduct(product)
                    .setUser(user)
                    .setDevice(device == null ? "" : device);
            if (generation != 0) { // else a register of an earlier release, which does not tell
                request.setUptoGeneration(generation);
            }
            ForgetDevicesReply reply = registers.await(shard, FORGET_DEVICES, request.build(), deadline);
            return new Forgotten(List.copyOf(reply.getDevicesList()), reply.getSessions(), reply.getDropped());
        } catch (LonglineException e) {
            throw Unanswered.by("register", e);
        }
    }
}
