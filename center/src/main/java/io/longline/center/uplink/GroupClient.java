package io.longline.center.uplink;

import com.google.protobuf.Message;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DropGroupReply;
import io.longline.rpc.v1.DropGroupRequest;
import io.longline.rpc.v1.ListUplinksReply;
import io.longline.rpc.v1.ListUplinksRequest;
import io.longline.rpc.v1.PullUplinksReply;
import io.longline.rpc.v1.PullUplinksRequest;
import io.longline.rpc.v1.PulledUplink;
import io.longline.rpc.v1.SettleUplinksReply;
import io.longline.rpc.v1.SettleUplinksRequest;
import io.longline.rpc.v1.UplinkGroup;
import io.longline.rpc.v1.UplinkGroupsGrpc;
import java.time.Duration;
import java.util.List;

/** Asks coordinators, those of a group mostly the same one. */
public final class GroupClient {
    private static final BatchMethod<PullUplinksRequest, PullUplinksReply> PULL =
            BatchMethod.of(UplinkGroupsGrpc.getPullUplinksMethod(), PullUplinksRequest.class, PullUplinksReply.class);
    private static final BatchMethod<SettleUplinksRequest, SettleUplinksReply> SETTLE = BatchMethod.of(
            UplinkGroupsGrpc.getSettleUplinksMethod(), SettleUplinksRequest.class, SettleUplinksReply.class);
    private static final BatchMethod<DropGroupRequest, DropGroupReply> DROP =
            BatchMethod.of(UplinkGroupsGrpc.getDropGroupMethod(), DropGroupRequest.class, DropGroupReply.class);
    private static final BatchMethod<ListUplinksRequest, ListUplinksReply> LIST =
            BatchMethod.of(UplinkGroupsGrpc.getListUplinksMethod(), ListUplinksRequest.class, ListUplinksReply.class);

    private final Peers coordinators;

    public GroupClient(Peers coordinators) {
        this.coordinators = coordinators;
    }

    /** Some uplinks, none where there are none after {@code wait}. */
    List<Uplink> pull(Group group, Pull pull, Duration wait, Deadline deadline) {
        PullUplinksRequest request = PullUplinksRequest.newBuilder()
                .setGroup(wire(group))
                .setConsumer(pull.consumer())
                .setMax(pull.max())
                .setWaitMs((int) wait.toMillis())
                .setLeaseMs((int) pull.lease().toMillis())
                .build();
        return await(key(group), PULL, request, deadline).getUplinksList().stream()
                .map(GroupClient::uplink)
                .toList();
    }

    private static Uplink uplink(PulledUplink pulled) {
        return new Uplink(
                pulled.getLeaseId(),
                pulled.getEventId(),
                pulled.getUplinkId(),
                new Uplink.Sender(pulled.getUser(), pulled.getDevice(), pulled.getGeneration()),
                pulled.getSeq(),
                pulled.getTsMs(),
                pulled.hasText(),
                pulled.hasText() ? pulled.getTextBytes() : pulled.getData());
    }

    /** They are done. */
    Settled finish(Group group, List<String> leaseIds, Deadline deadline) {
        return settle(SettleUplinksRequest.newBuilder(), group, leaseIds, deadline);
    }

    /** They are given back, and given again after so much time. */
    Settled requeue(Group group, List<String> leaseIds, Duration delay, Deadline deadline) {
        return settle(
                SettleUplinksRequest.newBuilder().setRequeue(true).setDelayMs((int) delay.toMillis()),
                group,
                leaseIds,
                deadline);
    }

    private Settled settle(
            SettleUplinksRequest.Builder request, Group group, List<String> leaseIds, Deadline deadline) {
        SettleUplinksReply reply = await(
                key(group),
                SETTLE,
                request.setGroup(wire(group)).addAllLeaseIds(leaseIds).build(),
                deadline);
        return new Settled(reply.getSettled(), reply.getGoneList());
    }

    /** Whether it was there. */
    boolean drop(Group group, Deadline deadline) {
        DropGroupRequest request =
                DropGroupRequest.newBuilder().setGroup(wire(group)).build();
        return await(key(group), DROP, request, deadline).getWasThere();
    }

    /**
     * Types by name.
     *
     * @param more there are some behind these
     */
    record Page(List<UplinkType> types, boolean more) {}

    /** @param after a type */
    Page list(String product, String after, int most, Deadline deadline) {
        ListUplinksRequest request = ListUplinksRequest.newBuilder()
                .setProduct(product)
                .setAfter(after)
                .setMax(most)
                .build();
        ListUplinksReply reply = await(Shards.key(product), LIST, request, deadline);
        return new Page(reply.getTypesList().stream().map(GroupClient::type).toList(), reply.getMore());
    }

    private static UplinkType type(io.longline.rpc.v1.UplinkType type) {
        return new UplinkType(
                type.getType(),
                type.getCallback(),
                type.getWaiting(),
                type.getOldestAgeMs(),
                type.getGroupsList().stream()
                        .map(group -> new UplinkType.Standing(
                                group.getGroup(),
                                group.getDepth(),
                                group.getInFlight(),
                                group.getConsumers(),
                                group.getOldestAgeMs()))
                        .toList());
    }

    private static long key(Group group) {
        return Shards.key(group.product(), group.type(), group.name());
    }

    private static UplinkGroup wire(Group group) {
        return UplinkGroup.newBuilder()
                .setProduct(group.product())
                .setType(group.type())
                .setGroup(group.name())
                .build();
    }

    private <Q extends Message, A extends Message> A await(
            long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        try {
            return coordinators.await(key, method, request, deadline);
        } catch (LonglineException e) {
            LonglineException known = Unanswered.by("coordinator", e);
            throw known.code() == ErrorCode.METHOD_NOT_ALLOWED
                    ? LonglineException.dependencyDown(
                            "coordinator", "coordinator is of an earlier release and has no groups", known)
                    : known;
        }
    }
}
