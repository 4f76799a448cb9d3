package io.longline.center.clock;

import io.grpc.Status;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.StoreTimeGrpc;
import io.longline.rpc.v1.TimeReply;
import io.longline.rpc.v1.TimeRequest;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks saver what time it is in Redis. */
public final class TimeClient {
    private static final BatchMethod<TimeRequest, TimeReply> READ =
            BatchMethod.of(StoreTimeGrpc.getReadMethod(), TimeRequest.class, TimeReply.class);

    private final Peers savers;
    /** Another one each time, so that a saver or a node of Redis that is away does not stand for all of them. */
    private final AtomicInteger shard = new AtomicInteger();

    public TimeClient(Peers savers) {
        this.savers = savers;
    }

    /** In milliseconds since 1970; empty: a saver of an earlier release, which does not tell. */
    CompletableFuture<OptionalLong> timeMs(Deadline deadline) {
        return timeMs(Math.floorMod(shard.getAndIncrement(), Shards.COUNT), deadline);
    }

    /** The same, by the node of Redis that has this shard. */
    public CompletableFuture<OptionalLong> timeMs(int ofShard, Deadline deadline) {
        TimeRequest request = TimeRequest.newBuilder().setShard(ofShard).build();
        return savers.call(ofShard, READ, request, deadline)
                .thenApply(reply -> OptionalLong.of(reply.getTimeMs()))
                .exceptionallyCompose(error -> isUnknownThere(error)
                        ? CompletableFuture.completedFuture(OptionalLong.empty())
                        : CompletableFuture.failedFuture(error));
    }

    private static boolean isUnknownThere(Throwable error) {
        return Status.fromThrowable(error).getCode() == Status.Code.UNIMPLEMENTED;
    }
}
