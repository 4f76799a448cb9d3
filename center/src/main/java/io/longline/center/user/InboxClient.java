package io.longline.center.user;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.PendingReply;
import io.longline.rpc.v1.PendingRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks saver how much waits in inboxes. */
public final class PendingClient {
    private static final BatchMethod<PendingRequest, PendingReply> PENDING =
            BatchMethod.of(InboxesGrpc.getPendingMethod(), PendingRequest.class, PendingReply.class);

    private final Peers savers;

    public PendingClient(Peers savers) {
        this.savers = savers;
    }

    /** In the order of the endpoints. */
    List<Long> pending(List<Endpoint> endpoints, Deadline deadline) {
        List<CompletableFuture<PendingReply>> asked =
                endpoints.stream().map(endpoint -> ask(endpoint, deadline)).toList();
        try {
            return asked.stream().map(reply -> reply.join().getPending()).toList();
        } catch (CompletionException e) {
            throw Unanswered.by("saver", e);
        }
    }

    private CompletableFuture<PendingReply> ask(Endpoint endpoint, Deadline deadline) {
        PendingRequest request =
                PendingRequest.newBuilder().setEndpoint(Wire.endpoint(endpoint)).build();
        return savers.call(Shards.key(endpoint.product(), endpoint.user()), PENDING, request, deadline);
    }
}
