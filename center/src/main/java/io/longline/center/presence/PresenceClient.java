package io.longline.center.presence;

import io.longline.center.wire.Unanswered;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.PresenceEvent;
import io.longline.rpc.v1.PresenceEventsReply;
import io.longline.rpc.v1.PresenceEventsRequest;
import io.longline.rpc.v1.PresenceGrpc;
import io.longline.rpc.v1.PresenceSnapshotReply;
import io.longline.rpc.v1.PresenceSnapshotRequest;
import io.longline.rpc.v1.PresentByEvents;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks coordinators what a product was told. Any of them knows. */
public final class PresenceClient {
    static final String COORDINATOR = "coordinator";
    private static final BatchMethod<PresenceEventsRequest, PresenceEventsReply> EVENTS = BatchMethod.of(
            PresenceGrpc.getPresenceEventsMethod(), PresenceEventsRequest.class, PresenceEventsReply.class);
    private static final BatchMethod<PresenceSnapshotRequest, PresenceSnapshotReply> SNAPSHOT = BatchMethod.of(
            PresenceGrpc.getPresenceSnapshotMethod(), PresenceSnapshotRequest.class, PresenceSnapshotReply.class);

    private final Peers coordinators;

    public PresenceClient(Peers coordinators) {
        this.coordinators = coordinators;
    }

    ToldPage events(String product, Optional<Long> after, int limit, Deadline deadline) {
        PresenceEventsRequest.Builder request =
                PresenceEventsRequest.newBuilder().setProduct(product).setLimit(limit);
        after.ifPresent(request::setAfter);
        PresenceEventsReply reply =
                Unanswered.join(COORDINATOR, coordinators.call(product.hashCode(), EVENTS, request.build(), deadline));
        return new ToldPage(
                reply.getEventsList().stream().map(PresenceClient::event).toList(), reply.getLast(), reply.getGone());
    }

    private static ToldPage.Event event(PresenceEvent event) {
        return new ToldPage.Event(
                event.getId(),
                event.getType(),
                event.getUser(),
                event.getDevice(),
                event.getGeneration(),
                event.getReason(),
                event.getAtMs());
    }

    CompletableFuture<ToldPage.Part> snapshot(String product, int shard, String from, Deadline deadline) {
        PresenceSnapshotRequest request = PresenceSnapshotRequest.newBuilder()
                .setProduct(product)
                .setShard(shard)
                .setFrom(from)
                .build();
        return coordinators
                .call(shard, SNAPSHOT, request, deadline)
                .thenApply(reply -> new ToldPage.Part(
                        reply.getOnlineList().stream()
                                .map(PresenceClient::online)
                                .toList(),
                        reply.getNext()));
    }

    private static ToldPage.Online online(PresentByEvents online) {
        return new ToldPage.Online(online.getUser(), online.getDevice(), online.getGeneration(), online.getSinceMs());
    }
}
