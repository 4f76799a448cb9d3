package io.longline.center.audience;

import io.longline.center.stats.Sampled;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.product.ApiScope;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.CrowdReply;
import io.longline.rpc.v1.CrowdRequest;
import io.longline.rpc.v1.FollowersReply;
import io.longline.rpc.v1.FollowersRequest;
import io.longline.rpc.v1.OnlineReply;
import io.longline.rpc.v1.OnlineRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Asks register, all shards at once, who is connected and who follows a topic. */
public final class AudienceClient {
    private static final BatchMethod<CrowdRequest, CrowdReply> CROWD =
            BatchMethod.of(RoutesGrpc.getCrowdMethod(), CrowdRequest.class, CrowdReply.class);
    private static final BatchMethod<OnlineRequest, OnlineReply> ONLINE =
            BatchMethod.of(RoutesGrpc.getOnlineMethod(), OnlineRequest.class, OnlineReply.class);
    private static final BatchMethod<FollowersRequest, FollowersReply> FOLLOWERS =
            BatchMethod.of(RoutesGrpc.getFollowersMethod(), FollowersRequest.class, FollowersReply.class);

    /** Users of a shard whose devices are counted, as in {@code GET /v1/stats}. */
    private static final int LOOKED_AT = 64;

    private static final int SAMPLE = 10;

    private final Peers registers;
    private final Duration patience;

    public AudienceClient(Peers registers, Duration patience) {
        this.registers = registers;
        this.patience = patience;
    }

    /** Of a broadcast: who is connected now. DEPENDENCY_DOWN of {@code register} where it does not say. */
    public Audience everybody(HttpRequest request) {
        String product = request.attached(Product.class).id();
        Deadline deadline = Deadline.after(patience);
        List<CompletableFuture<CrowdReply>> asked = ofEachShard(shard -> registers.call(
                shard,
                CROWD,
                CrowdRequest.newBuilder()
                        .setProduct(product)
                        .setShard(shard)
                        .setSample(LOOKED_AT)
                        .build(),
                deadline));
        List<CompletableFuture<OnlineReply>> named = mayRead(request)
                ? ofEachShard(shard -> registers.call(
                        shard,
                        ONLINE,
                        OnlineRequest.newBuilder()
                                .setProduct(product)
                                .setShard(shard)
                                .setLimit(SAMPLE)
                                .build(),
                        deadline))
                : List.of();
        List<CrowdReply> crowds = join(asked);
        List<Sampled> devices = crowds.stream()
                .map(shard -> new Sampled(shard.getUsers(), shard.getLookedAt(), shard.getDevices()))
                .toList();
        return new Audience(
                Sampled.estimate(devices),
                Sampled.isExact(devices),
                crowds.stream().mapToLong(CrowdReply::getUsers).sum(),
                sample(join(named), OnlineReply::getUsersList));
    }

    /** Of a topic: who follows it, connected or not. DEPENDENCY_DOWN likewise. */
    public Audience followers(HttpRequest request, String topic) {
        String product = request.attached(Product.class).id();
        Deadline deadline = Deadline.after(patience);
        int named = mayRead(request) ? SAMPLE : 0;
        List<FollowersReply> shards = join(ofEachShard(shard -> registers.call(
                shard,
                FOLLOWERS,
                FollowersRequest.newBuilder()
                        .setProduct(product)
                        .setTopic(topic)
                        .setShard(shard)
                        .setLimit(named)
                        .build(),
                deadline)));
        long users = shards.stream().mapToLong(FollowersReply::getTotal).sum();
        return new Audience(users, true, users, sample(shards, FollowersReply::getUsersList));
    }

    /** A secret that is for sending alone names nobody. */
    private static boolean mayRead(HttpRequest request) {
        return request.attached(ApiScope.class).allows(ApiScope.READ);
    }

    private static <T> List<String> sample(List<T> shards, Function<T, List<String>> users) {
        return shards.stream()
                .flatMap(shard -> users.apply(shard).stream())
                .limit(SAMPLE)
                .toList();
    }

    private static <T> List<CompletableFuture<T>> ofEachShard(IntFunction<CompletableFuture<T>> ask) {
        return IntStream.range(0, Shards.COUNT).mapToObj(ask).toList();
    }

    private static <T> List<T> join(List<CompletableFuture<T>> asked) {
        return asked.stream().map(one -> Unanswered.join("register", one)).toList();
    }
}
