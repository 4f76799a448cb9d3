package io.longline.center.user;

import io.longline.center.clock.TimeClient;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Seqs;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.PendingReply;
import io.longline.rpc.v1.PendingRequest;
import io.longline.rpc.v1.StoredMessage;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Asks saver what waits in inboxes, and has it empty them. */
public final class InboxClient {
    private static final BatchMethod<PendingRequest, PendingReply> PENDING =
            BatchMethod.of(InboxesGrpc.getPendingMethod(), PendingRequest.class, PendingReply.class);
    private static final BatchMethod<LoadRequest, LoadReply> LOAD =
            BatchMethod.of(InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class);
    private static final BatchMethod<ForgetRequest, ForgetReply> FORGET =
            BatchMethod.of(InboxesGrpc.getForgetMethod(), ForgetRequest.class, ForgetReply.class);

    private final Peers savers;
    private final TimeClient time;

    public InboxClient(Peers savers, TimeClient time) {
        this.savers = savers;
        this.time = time;
    }

    /** In the order of the endpoints. */
    List<Long> pending(List<Endpoint> endpoints, Deadline deadline) {
        List<CompletableFuture<PendingReply>> asked =
                endpoints.stream().map(endpoint -> ask(endpoint, deadline)).toList();
        return asked.stream()
                .map(reply -> Unanswered.join("saver", reply).getPending())
                .toList();
    }

    /** The next messages of one inbox, in their order. No session reads them: it counts for nobody. */
    PendingPage page(Endpoint endpoint, long afterSeq, int limit, Deadline deadline) {
        LoadRequest request = LoadRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setAfter(afterSeq)
                .setLimit(limit)
                .build();
        LoadReply reply = Unanswered.join("saver", savers.call(key(endpoint), LOAD, request, deadline));
        return new PendingPage(
                reply.getMessagesList().stream().map(InboxClient::waiting).toList(),
                reply.getMore() ? OptionalLong.of(reply.getUpto()) : OptionalLong.empty());
    }

    private static PendingPage.Waiting waiting(StoredMessage stored) {
        Message message = stored.getMessage();
        return new PendingPage.Waiting(
                stored.getSeq(),
                message.getMessageId(),
                message.getSentAtMs(),
                message.getExpiresAtMs(),
                Wire.priority(message.getPriority()),
                message.getCollapseKey());
    }

    /** Drops all that waits now, and nothing that comes later, however late a saver does it; answers how many that were. */
    long empty(Endpoint endpoint, Deadline deadline) {
        int shard = Shards.of(endpoint.product(), endpoint.user());
        OptionalLong now = Unanswered.join("saver", time.timeMs(shard, deadline));
        ForgetRequest request = ForgetRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setUptoSeq(now.isPresent() ? Seqs.lastOf(now.getAsLong()) : 0)
                .setEmptied(true)
                .build();
        return Unanswered.join("saver", savers.call(key(endpoint), FORGET, request, deadline))
                .getDropped();
    }

    private CompletableFuture<PendingReply> ask(Endpoint endpoint, Deadline deadline) {
        PendingRequest request =
                PendingRequest.newBuilder().setEndpoint(Wire.endpoint(endpoint)).build();
        return savers.call(key(endpoint), PENDING, request, deadline);
    }

    private static long key(Endpoint endpoint) {
        return Shards.key(endpoint.product(), endpoint.user());
    }
}
