package io.longline.coordinator.presence;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.PresenceEvent;
import io.longline.rpc.v1.PresenceEventsReply;
import io.longline.rpc.v1.PresenceEventsRequest;
import io.longline.rpc.v1.PresenceGrpc;
import io.longline.rpc.v1.PresenceSnapshotReply;
import io.longline.rpc.v1.PresenceSnapshotRequest;
import io.longline.rpc.v1.PresentByEvents;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where centers read what products were told. Any coordinator answers, whoever has the leases. */
public final class PresenceGrpcService {
    private static final int LONGEST_PAGE = 1_000;

    private static final Pattern CURSOR = Pattern.compile("[0-9]{0,20}");

    private final PresenceLog log;

    private PresenceGrpcService(PresenceLog log) {
        this.log = log;
    }

    /** With what was told in Redis. */
    public static PresenceGrpcService onRedis(RedisStore redis) {
        return new PresenceGrpcService(new RedisPresenceLog(redis));
    }

    public RpcService service() {
        return RpcService.of(PresenceGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(
                                PresenceGrpc.getPresenceEventsMethod(),
                                PresenceEventsRequest.class,
                                PresenceEventsReply.class),
                        this::events)
                .sideBySide(
                        BatchMethod.of(
                                PresenceGrpc.getPresenceSnapshotMethod(),
                                PresenceSnapshotRequest.class,
                                PresenceSnapshotReply.class),
                        this::snapshot);
    }

    private PresenceEventsReply events(PresenceEventsRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int limit = Math.clamp(Integer.toUnsignedLong(request.getLimit()), 0, LONGEST_PAGE);
        Optional<Long> after = request.hasAfter() ? Optional.of(request.getAfter()) : Optional.empty();
        PresenceLog.Page page = log.read(product, after, limit);
        PresenceEventsReply.Builder reply =
                PresenceEventsReply.newBuilder().setLast(page.last()).setGone(page.gone());
        for (PresenceLog.Kept kept : page.events()) {
            Told.ShardEvent event = kept.event();
            reply.addEvents(PresenceEvent.newBuilder()
                    .setId(kept.id())
                    .setType(event.type())
                    .setUser(event.user())
                    .setDevice(event.device())
                    .setGeneration(event.generation())
                    .setReason(event.reason())
                    .setAtMs(event.atMs()));
        }
        return reply.build();
    }

    private PresenceSnapshotReply snapshot(PresenceSnapshotRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        if (!CURSOR.matcher(request.getFrom()).matches()) {
            throw LonglineException.invalid("from", "is no cursor, expected what was next in the part before");
        }
        PresenceLog.Part part = log.snapshot(product, Shards.require("shard", request.getShard()), request.getFrom());
        PresenceSnapshotReply.Builder reply = PresenceSnapshotReply.newBuilder().setNext(part.next());
        for (PresenceLog.Online online : part.online()) {
            reply.addOnline(PresentByEvents.newBuilder()
                    .setUser(online.user())
                    .setDevice(online.device())
                    .setGeneration(online.generation())
                    .setSinceMs(online.sinceMs()));
        }
        return reply.build();
    }
}
