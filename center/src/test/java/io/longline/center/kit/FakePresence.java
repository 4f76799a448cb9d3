package io.longline.center.kit;

import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.PresenceEvent;
import io.longline.rpc.v1.PresenceEventsReply;
import io.longline.rpc.v1.PresenceEventsRequest;
import io.longline.rpc.v1.PresenceGrpc;
import io.longline.rpc.v1.PresenceSnapshotReply;
import io.longline.rpc.v1.PresenceSnapshotRequest;
import io.longline.rpc.v1.PresentByEvents;
import java.util.ArrayList;
import java.util.List;

/** A coordinator's log of what one product was told. One lock around everything. */
public final class FakePresence {
    private final List<PresenceEvent> events = new ArrayList<>();
    private long last = 100;
    private long gone = 100;

    RpcService service() {
        RpcService service = RpcService.of(PresenceGrpc.getServiceDescriptor());
        Methods.each(
                service,
                PresenceGrpc.getPresenceEventsMethod(),
                PresenceEventsRequest.class,
                PresenceEventsReply.class,
                this::events,
                e -> PresenceEventsReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                PresenceGrpc.getPresenceSnapshotMethod(),
                PresenceSnapshotRequest.class,
                PresenceSnapshotReply.class,
                this::snapshot,
                e -> PresenceSnapshotReply.newBuilder().setError(e).build());
        return service;
    }

    /** Of a device, or, where that is empty, of the user. */
    public synchronized void tell(String type, String user, String device) {
        last++;
        events.add(PresenceEvent.newBuilder()
                .setId(last)
                .setType(type)
                .setUser(user)
                .setDevice(device)
                .setGeneration(last * 10)
                .setReason("bound")
                .setAtMs(7)
                .build());
    }

    /** The oldest is kept no more. */
    public synchronized void forgetOne() {
        gone = events.removeFirst().getId();
    }

    private synchronized PresenceEventsReply events(PresenceEventsRequest request) {
        return PresenceEventsReply.newBuilder()
                .addAllEvents(events.stream()
                        .filter(event -> !request.hasAfter() || event.getId() > request.getAfter())
                        .limit(request.getLimit())
                        .toList())
                .setLast(last)
                .setGone(gone)
                .build();
    }

    /** In each of the first two shards two parts of 60 users. */
    private synchronized PresenceSnapshotReply snapshot(PresenceSnapshotRequest request) {
        PresenceSnapshotReply.Builder reply = PresenceSnapshotReply.newBuilder();
        if (request.getShard() < 2) {
            boolean first = request.getFrom().isEmpty();
            for (int i = 0; i < 60; i++) {
                reply.addOnline(PresentByEvents.newBuilder()
                        .setUser("u" + request.getShard() + "-" + (first ? i : i + 60))
                        .setDevice("phone")
                        .setGeneration(8)
                        .setSinceMs(9));
            }
            reply.setNext(first ? "17" : "");
        }
        return reply.build();
    }
}
