package io.longline.center.user;

import io.longline.center.page.ShardPage;
import io.longline.center.page.ShardPages;
import io.longline.center.page.ShardPlace;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.OnlineReply;
import io.longline.rpc.v1.OnlineRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks register who of a product is online, shard by shard. */
public final class OnlineClient {
    private static final BatchMethod<OnlineRequest, OnlineReply> ONLINE =
            BatchMethod.of(RoutesGrpc.getOnlineMethod(), OnlineRequest.class, OnlineReply.class);
    private static final ShardPages<String> PAGES = new ShardPages<>("register", user -> user);

    private final Peers registers;

    public OnlineClient(Peers registers) {
        this.registers = registers;
    }

    ShardPage<String> page(String product, ShardPlace from, int limit, Deadline deadline) {
        return PAGES.read(from, limit, (shard, after, most) -> ask(product, shard, after, most, deadline));
    }

    private CompletableFuture<List<String>> ask(String product, int shard, String after, int limit, Deadline deadline) {
        OnlineRequest request = OnlineRequest.newBuilder()
                .setProduct(product)
                .setShard(shard)
                .setAfter(after)
                .setLimit(limit)
                .build();
        return registers.call(shard, ONLINE, request, deadline).thenApply(reply -> List.copyOf(reply.getUsersList()));
    }
}
