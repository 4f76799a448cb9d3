package io.longline.saver.inbox;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.TellReply;
import io.longline.rpc.v1.TellRequest;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ShardCalls;

/** What {@code Inboxes} has of messages that never came into one. */
public final class UntakenGrpcService {
    private final RedisUntaken store;
    private final ShardCalls shards;

    public UntakenGrpcService(RedisUntaken store, ShardCalls shards) {
        this.store = store;
        this.shards = shards;
    }

    public RpcService addTo(RpcService inboxes) {
        return inboxes.sideBySide(
                BatchMethod.of(InboxesGrpc.getTellMethod(), TellRequest.class, TellReply.class), this::tell);
    }

    private TellReply tell(TellRequest request, Deadline deadline) {
        Untaken untaken = read(request);
        if (store.isTold(untaken.endpoint().product())) {
            long _ = shards.call(untaken.endpoint().shard(), deadline, () -> store.tell(untaken));
        }
        return TellReply.getDefaultInstance();
    }

    private static Untaken read(TellRequest request) {
        CopyState state = switch (request.getState()) {
            case EXPIRED -> CopyState.EXPIRED;
            case DROPPED -> CopyState.DROPPED;
            default ->
                throw LonglineException.invalid("state", "is " + request.getState() + ", expected EXPIRED or DROPPED");
        };
        String reason = request.getReason();
        return new Untaken(
                endpoint(request.getEndpoint()),
                Ids.require("message_id", request.getMessageId()),
                state,
                reason.isEmpty() ? reason : Ids.require("reason", reason));
    }

    private static Endpoint endpoint(io.longline.rpc.v1.Endpoint endpoint) {
        String device = endpoint.getDevice();
        return new Endpoint(
                Ids.requireProduct("endpoint.product", endpoint.getProduct()),
                Ids.require("endpoint.user", endpoint.getUser()),
                device.isEmpty() ? device : Ids.require("endpoint.device", device));
    }
}
