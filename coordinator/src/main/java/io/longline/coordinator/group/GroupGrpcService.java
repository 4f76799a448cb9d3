package io.longline.coordinator.group;

import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.EventFields;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Seqs;
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
import io.longline.rpc.v1.UplinkGroupStanding;
import io.longline.rpc.v1.UplinkGroupsGrpc;
import io.longline.rpc.v1.UplinkType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Where centers ask for uplinks on behalf of back ends. */
public final class GroupGrpcService {
    private final GroupFlow flow;
    private final InstantSource clock;

    /** @param clock by which ages are told */
    public GroupGrpcService(GroupFlow flow, InstantSource clock) {
        this.flow = flow;
        this.clock = clock;
    }

    public RpcService service() {
        return RpcService.of(UplinkGroupsGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(
                                UplinkGroupsGrpc.getPullUplinksMethod(),
                                PullUplinksRequest.class,
                                PullUplinksReply.class),
                        this::pull)
                .sideBySide(
                        BatchMethod.of(
                                UplinkGroupsGrpc.getSettleUplinksMethod(),
                                SettleUplinksRequest.class,
                                SettleUplinksReply.class),
                        this::settle)
                .sideBySide(
                        BatchMethod.of(
                                UplinkGroupsGrpc.getDropGroupMethod(), DropGroupRequest.class, DropGroupReply.class),
                        this::drop)
                .sideBySide(
                        BatchMethod.of(
                                UplinkGroupsGrpc.getListUplinksMethod(),
                                ListUplinksRequest.class,
                                ListUplinksReply.class),
                        this::list);
    }

    private PullUplinksReply pull(PullUplinksRequest request, Deadline deadline) {
        PullWish wish = new PullWish(
                group(request.getGroup()),
                Math.max(1, request.getMax()),
                Duration.ofMillis(Math.max(1, request.getLeaseMs())));
        Deadline until = deadline.atMost(Duration.ofMillis(request.getWaitMs()));
        PullUplinksReply.Builder reply = PullUplinksReply.newBuilder();
        flow.pull(wish, Ids.require("consumer", request.getConsumer()), until, deadline)
                .forEach(pulled -> reply.addUplinks(uplink(pulled)));
        return reply.build();
    }

    private static PulledUplink uplink(Pulled pulled) {
        Event event = pulled.uplink();
        PulledUplink.Builder uplink = PulledUplink.newBuilder()
                .setLeaseId(pulled.lease().id())
                .setEventId(event.id())
                .setUplinkId(event.field(EventFields.UPLINK_ID))
                .setUser(event.user())
                .setDevice(event.device())
                .setGeneration(event.generation())
                .setSeq(event.seq())
                .setTsMs(event.atMs());
        return event.field(EventFields.PAYLOAD_KIND).equals(EventFields.TEXT)
                ? uplink.setTextBytes(event.payload()).build()
                : uplink.setData(event.payload()).build();
    }

    private SettleUplinksReply settle(SettleUplinksRequest request, Deadline deadline) {
        Group group = group(request.getGroup());
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < request.getLeaseIdsCount(); i++) {
            String field = "lease_ids[" + i + "]";
            leases.add(Lease.of(request.getLeaseIds(i))
                    .orElseThrow(() -> LonglineException.invalid(field, "expected a lease_id that a pull answered")));
        }
        List<Boolean> done = request.getRequeue()
                ? flow.requeue(group, leases, Duration.ofMillis(request.getDelayMs()), deadline)
                : flow.finish(group, leases, deadline);
        SettleUplinksReply.Builder reply = SettleUplinksReply.newBuilder();
        for (int i = 0; i < done.size(); i++) {
            if (done.get(i)) {
                reply.setSettled(reply.getSettled() + 1);
            } else {
                reply.addGone(request.getLeaseIds(i));
            }
        }
        return reply.build();
    }

    private DropGroupReply drop(DropGroupRequest request, Deadline deadline) {
        return DropGroupReply.newBuilder()
                .setWasThere(flow.drop(group(request.getGroup()), deadline))
                .build();
    }

    private ListUplinksReply list(ListUplinksRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        GroupFlow.Page page = flow.list(product, request.getAfter(), Math.max(1, request.getMax()), deadline);
        ListUplinksReply.Builder reply = ListUplinksReply.newBuilder().setMore(page.more());
        page.types().forEach(type -> reply.addTypes(type(type)));
        return reply.build();
    }

    private UplinkType type(GroupFlow.OfType known) {
        Standing standing = known.standing();
        UplinkType.Builder type = UplinkType.newBuilder()
                .setType(known.type())
                .setCallback(known.hasCallback())
                .setWaiting(standing.waiting())
                .setOldestAgeMs(ageMs(standing.oldestSeq()));
        standing.groups()
                .forEach((name, group) -> type.addGroups(UplinkGroupStanding.newBuilder()
                        .setGroup(name)
                        .setDepth(group.depth())
                        .setInFlight(group.inFlight())
                        .setConsumers(known.consumers().getOrDefault(name, 0))
                        .setOldestAgeMs(ageMs(group.oldestSeq()))));
        return type.build();
    }

    private long ageMs(long seq) {
        return seq == 0 ? 0 : Math.max(0, clock.millis() - Seqs.ms(seq));
    }

    private static Group group(UplinkGroup group) {
        return new Group(
                Ids.requireProduct("product", group.getProduct()),
                Ids.require("type", group.getType()),
                Ids.require("group", group.getGroup()));
    }
}
