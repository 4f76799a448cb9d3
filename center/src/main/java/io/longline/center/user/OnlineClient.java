package io.longline.center.user;

import io.longline.center.wire.Unanswered;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.OnlineReply;
import io.longline.rpc.v1.OnlineRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Asks register who of a product is online, shard by shard. */
public final class OnlineClient {
    private static final BatchMethod<OnlineRequest, OnlineReply> ONLINE =
            BatchMethod.of(RoutesGrpc.getOnlineMethod(), OnlineRequest.class, OnlineReply.class);
    /** Of the shards, so that a page of a small product needs few turns, and of a big one few answers that are thrown away. */
    private static final int SHARDS_AT_ONCE = 16;

    private final Peers registers;

    public OnlineClient(Peers registers) {
        this.registers = registers;
    }

    /**
     * Users in the order of their shards, and there by name.
     *
     * @param next where the next page begins; empty: that was all
     */
    record Page(List<String> users, Optional<Position> next) {

        Page {
            users = List.copyOf(users);
        }
    }

    /**
     * A place in that order.
     *
     * @param after the last user of the shard that was told; "": none yet
     */
    record Position(int shard, String after) {
        static final Position FIRST = new Position(0, "");
    }

    Page page(String product, Position from, int limit, Deadline deadline) {
        List<String> users = new ArrayList<>();
        for (int first = from.shard; first < Shards.COUNT; first += SHARDS_AT_ONCE) {
            int last = Math.min(Shards.COUNT, first + SHARDS_AT_ONCE);
            List<CompletableFuture<OnlineReply>> asked = IntStream.range(first, last)
                    .mapToObj(shard -> ask(product, shard, shard == from.shard ? from.after : "", limit, deadline))
                    .toList();
            for (int shard = first; shard < last; shard++) {
                for (String user :
                        Unanswered.join("register", asked.get(shard - first)).getUsersList()) {
                    if (users.size() == limit) {
                        String told = users.getLast();
                        boolean begun = Shards.of(product, told) == shard;
                        return new Page(users, Optional.of(new Position(shard, begun ? told : "")));
                    }
                    users.add(user);
                }
            }
        }
        return new Page(users, Optional.empty());
    }

    private CompletableFuture<OnlineReply> ask(String product, int shard, String after, int limit, Deadline deadline) {
        OnlineRequest request = OnlineRequest.newBuilder()
                .setProduct(product)
                .setShard(shard)
                .setAfter(after)
                .setLimit(limit + 1)
                .build();
        return registers.call(shard, ONLINE, request, deadline);
    }
}
