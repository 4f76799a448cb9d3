package io.longline.bench.failure;

import io.longline.bench.rig.ClusterPeers;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.faults.FaultCluster;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What a center asks of register and saver, for the device {@code phone} of users of {@code demo}. Safe for use by many threads. */
final class ClusterClient implements AutoCloseable {
    private static final BatchMethod<LocateRequest, LocateReply> LOCATE =
            BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class);
    private static final BatchMethod<StoreRequest, StoreReply> STORE =
            BatchMethod.of(InboxesGrpc.getStoreMethod(), StoreRequest.class, StoreReply.class);
    private static final BatchMethod<LoadRequest, LoadReply> LOAD =
            BatchMethod.of(InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class);

    private static final Duration STORE_WITHIN = Duration.ofSeconds(30);
    private static final Duration ASK_WITHIN = Duration.ofSeconds(2);
    private static final Duration TTL = Duration.ofDays(1);

    private final ClusterPeers members;
    private final Peers registers;
    private final Peers savers;

    ClusterClient(FaultCluster cluster) {
        this.members = new ClusterPeers(cluster);
        this.registers = members.of("register");
        this.savers = members.of("saver");
    }

    /** Whether register knows where the user is. */
    CompletableFuture<Boolean> isOnline(String user) {
        LocateRequest request =
                LocateRequest.newBuilder().setEndpoint(endpoint(user)).build();
        return registers
                .call(key(user), LOCATE, request, Deadline.after(ASK_WITHIN))
                .thenApply(LocateReply::hasOnline);
    }

    /** How many messages wait for the user, of so many at most. */
    CompletableFuture<Integer> waiting(String user, int most) {
        LoadRequest request = LoadRequest.newBuilder()
                .setEndpoint(endpoint(user))
                .setLimit(most)
                .build();
        return savers.call(key(user), LOAD, request, Deadline.after(ASK_WITHIN)).thenApply(LoadReply::getMessagesCount);
    }

    /** Stores a message that lives for a day. */
    CompletableFuture<StoreReply> store(String user, String messageId, String text) {
        long now = System.currentTimeMillis();
        StoreRequest request = StoreRequest.newBuilder()
                .setEndpoint(endpoint(user))
                .setMessage(Message.newBuilder()
                        .setMessageId(messageId)
                        .setText(text)
                        .setQos(1)
                        .setSentAtMs(now)
                        .setExpiresAtMs(now + TTL.toMillis()))
                .build();
        return savers.call(key(user), STORE, request, Deadline.after(STORE_WITHIN));
    }

    private static Endpoint endpoint(String user) {
        return Endpoint.newBuilder()
                .setProduct(DemoProduct.ID)
                .setUser(user)
                .setDevice("phone")
                .build();
    }

    private static long key(String user) {
        return Shards.key(DemoProduct.ID, user);
    }

    @Override
    public void close() {
        members.close();
    }
}
