package io.longline.saver.time;

import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.StoreTimeGrpc;
import io.longline.rpc.v1.TimeReply;
import io.longline.rpc.v1.TimeRequest;

/** The service {@code StoreTime}. */
public final class StoreTimeGrpcService {
    private static final BatchMethod<TimeRequest, TimeReply> READ =
            BatchMethod.of(StoreTimeGrpc.getReadMethod(), TimeRequest.class, TimeReply.class);

    private final RedisTime time;

    public StoreTimeGrpcService(RedisTime time) {
        this.time = time;
    }

    public RpcService service() {
        return RpcService.of(StoreTimeGrpc.getServiceDescriptor()).sideBySide(READ, this::read);
    }

    private TimeReply read(TimeRequest request, Deadline deadline) {
        int shard = Shards.require("shard", request.getShard());
        return TimeReply.newBuilder()
                .setTimeMs(RedisStore.await(RedisStore.within(deadline, () -> time.ofShard(shard)), deadline))
                .build();
    }
}
