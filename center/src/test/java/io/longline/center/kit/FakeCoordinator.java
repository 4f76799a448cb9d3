package io.longline.center.kit;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
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
import io.longline.rpc.v1.UplinkType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A coordinator with one group, whatever it is called: who pulls is given what is put into it, once. */
public final class FakeCoordinator {
    private final BlockingQueue<PulledUplink> waiting = new LinkedBlockingQueue<>();
    private final List<PullUplinksRequest> pulls = new CopyOnWriteArrayList<>();
    private final List<SettleUplinksRequest> settled = new CopyOnWriteArrayList<>();
    private final Set<UplinkGroup> groups = ConcurrentHashMap.newKeySet();
    private final Set<String> leases = ConcurrentHashMap.newKeySet();
    private final List<UplinkType> types = new CopyOnWriteArrayList<>();

    RpcService service() {
        RpcService service = RpcService.of(UplinkGroupsGrpc.getServiceDescriptor());
        Methods.each(
                service,
                UplinkGroupsGrpc.getPullUplinksMethod(),
                PullUplinksRequest.class,
                PullUplinksReply.class,
                this::pull,
                e -> PullUplinksReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                UplinkGroupsGrpc.getSettleUplinksMethod(),
                SettleUplinksRequest.class,
                SettleUplinksReply.class,
                this::settle,
                e -> SettleUplinksReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                UplinkGroupsGrpc.getDropGroupMethod(),
                DropGroupRequest.class,
                DropGroupReply.class,
                this::drop,
                e -> DropGroupReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                UplinkGroupsGrpc.getListUplinksMethod(),
                ListUplinksRequest.class,
                ListUplinksReply.class,
                this::list,
                e -> ListUplinksReply.newBuilder().setError(e).build());
        return service;
    }

    public void put(PulledUplink uplink) {
        waiting.add(uplink);
    }

    public void put(UplinkType type) {
        types.add(type);
    }

    /** What was asked. */
    public List<PullUplinksRequest> pulls() {
        return pulls;
    }

    /** Likewise. */
    public List<SettleUplinksRequest> settled() {
        return settled;
    }

    private PullUplinksReply pull(PullUplinksRequest request) {
        pulls.add(request);
        groups.add(request.getGroup());
        List<PulledUplink> given = new ArrayList<>();
        try {
            PulledUplink first = waiting.poll(request.getWaitMs(), TimeUnit.MILLISECONDS);
            if (first != null) {
                given.add(first);
                waiting.drainTo(given, request.getMax() - 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        given.forEach(uplink -> leases.add(uplink.getLeaseId()));
        return PullUplinksReply.newBuilder().addAllUplinks(given).build();
    }

    private SettleUplinksReply settle(SettleUplinksRequest request) {
        settled.add(request);
        SettleUplinksReply.Builder reply = SettleUplinksReply.newBuilder();
        for (String id : request.getLeaseIdsList()) {
            if (id.equals("broken")) {
                throw LonglineException.invalid("lease_ids[0]", "expected a lease_id that a pull answered");
            }
            if (leases.remove(id)) {
                reply.setSettled(reply.getSettled() + 1);
            } else {
                reply.addGone(id);
            }
        }
        return reply.build();
    }

    private DropGroupReply drop(DropGroupRequest request) {
        return DropGroupReply.newBuilder()
                .setWasThere(groups.remove(request.getGroup()))
                .build();
    }

    private ListUplinksReply list(ListUplinksRequest request) {
        List<UplinkType> behind = types.stream()
                .filter(type -> type.getType().compareTo(request.getAfter()) > 0)
                .sorted(Comparator.comparing(UplinkType::getType))
                .toList();
        return ListUplinksReply.newBuilder()
                .addAllTypes(behind.stream().limit(request.getMax()).toList())
                .setMore(behind.size() > request.getMax())
                .build();
    }
}
