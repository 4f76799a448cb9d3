package io.longline.register.route;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Replies;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.CrowdReply;
import io.longline.rpc.v1.CrowdRequest;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.DevicesRequest;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.Offline;
import io.longline.rpc.v1.OnlineReply;
import io.longline.rpc.v1.OnlineRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.SeenReply;
import io.longline.rpc.v1.SeenRequest;
import io.longline.rpc.v1.Unknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The half of {@code Routes} that only asks: locate and devices, asked by centers for each push, and who, or how many, are or were online. */
public final class LocateGrpcService {
    private static final BatchMethod<LocateRequest, LocateReply> LOCATE =
            BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class);
    private static final BatchMethod<DevicesRequest, DevicesReply> DEVICES =
            BatchMethod.of(RoutesGrpc.getDevicesMethod(), DevicesRequest.class, DevicesReply.class);

    private static final BatchMethod<OnlineRequest, OnlineReply> ONLINE =
            BatchMethod.of(RoutesGrpc.getOnlineMethod(), OnlineRequest.class, OnlineReply.class);
    private static final BatchMethod<CrowdRequest, CrowdReply> CROWD =
            BatchMethod.of(RoutesGrpc.getCrowdMethod(), CrowdRequest.class, CrowdReply.class);
    private static final BatchMethod<SeenRequest, SeenReply> SEEN =
            BatchMethod.of(RoutesGrpc.getSeenMethod(), SeenRequest.class, SeenReply.class);
    private static final int MOST_USERS = 500;
    private static final int LONGEST_PAGE = 1_000;
    private static final int LARGEST_SAMPLE = 1_000;

    private final RouteIndex index;
    private final LostShardPolicy lostShards;
    private final RegisterMetrics metrics;

    public LocateGrpcService(RouteIndex index, LostShardPolicy lostShards, RegisterMetrics metrics) {
        this.index = index;
        this.lostShards = lostShards;
        this.metrics = metrics;
    }

    public RpcService addTo(RpcService routes) {
        return routes.inParts(LOCATE, this::locate)
                .sideBySide(DEVICES, this::devices)
                .sideBySide(ONLINE, this::online)
                .sideBySide(CROWD, this::crowd)
                .sideBySide(SEEN, this::seen);
    }

    /** The busiest call of register. Nobody waits here for a rebuild, so one thread asks all, and answers as answers come. */
    private void locate(List<LocateRequest> requests, Deadline deadline, Replies<LocateReply> replies) {
        List<CompletableFuture<Void>> told = new ArrayList<>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            LocateRequest request = requests.get(i);
            told.add(tell(RedisStore.within(deadline, () -> ask(request)), replies, i));
        }
        RedisStore.await(CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)), deadline);
    }

    private CompletableFuture<Void> tell(CompletionStage<Whereabouts> asked, Replies<LocateReply> replies, int index) {
        return asked.<Void>handle((whereabouts, error) -> {
                    if (error == null) {
                        replies.put(index, reply(whereabouts));
                    } else {
                        replies.fail(index, error);
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    private CompletionStage<Whereabouts> ask(LocateRequest request) {
        try {
            return index.locate(Wire.endpoint(request.getEndpoint()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private LocateReply reply(Whereabouts whereabouts) {
        metrics.locate(whereabouts);
        LocateReply.Builder reply = LocateReply.newBuilder();
        return switch (whereabouts) {
            case Whereabouts.Online(var route) ->
                reply.setOnline(Wire.route(route)).build();
            case Whereabouts.Offline() ->
                reply.setOffline(Offline.getDefaultInstance()).build();
            case Whereabouts.Unknown() ->
                reply.setUnknown(Unknown.getDefaultInstance()).build();
        };
    }

    private DevicesReply devices(DevicesRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        String user = Ids.require("user", request.getUser());
        UserDevices devices = lostShards.ask(() -> index.devices(product, user), deadline);
        DevicesReply.Builder reply =
                DevicesReply.newBuilder().setGeneration(devices.generation()).addAllTopics(devices.topics());
        for (KnownDevice known : devices.devices()) {
            io.longline.rpc.v1.KnownDevice.Builder device = reply.addDevicesBuilder()
                    .setDevice(known.device())
                    .setLastSeenMs(known.lastSeenMs())
                    .setNetwork(known.network());
            known.route().ifPresent(route -> device.setRoute(Wire.route(route)));
        }
        return reply.build();
    }

    /** All shards are asked at once. */
    private SeenReply seen(SeenRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        if (request.getUsersCount() > MOST_USERS) {
            throw LonglineException.invalid(
                    "users", "has " + request.getUsersCount() + ", expected at most " + MOST_USERS);
        }
        Map<Integer, List<Integer>> byShard = new HashMap<>();
        for (int i = 0; i < request.getUsersCount(); i++) {
            String user = Ids.require("users[" + i + "]", request.getUsers(i));
            byShard.computeIfAbsent(Shards.of(product, user), _ -> new ArrayList<>())
                    .add(i);
        }
        LastSeen[] found = lostShards.ask(() -> seen(product, request, byShard), deadline);
        SeenReply.Builder reply = SeenReply.newBuilder();
        for (LastSeen each : found) {
            reply.addUsersBuilder().setOnline(each.online()).setLastSeenMs(each.lastSeenMs());
        }
        return reply.build();
    }

    private CompletionStage<LastSeen[]> seen(String product, SeenRequest request, Map<Integer, List<Integer>> byShard) {
        LastSeen[] found = new LastSeen[request.getUsersCount()];
        CompletableFuture<?>[] asked = byShard.entrySet().stream()
                .map(shard -> index.seen(
                                product,
                                shard.getKey(),
                                shard.getValue().stream().map(request::getUsers).toList())
                        .thenAccept(seen -> {
                            for (int i = 0; i < seen.size(); i++) {
                                found[shard.getValue().get(i)] = seen.get(i);
                            }
                        })
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(asked).thenApply(_ -> found);
    }

    private OnlineReply online(OnlineRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int shard = Shards.require("shard", request.getShard());
        int limit = Math.clamp(Integer.toUnsignedLong(request.getLimit()), 0, LONGEST_PAGE);
        String after = request.getAfter().isEmpty() ? "" : Ids.require("after", request.getAfter());
        Online online = lostShards.ask(() -> index.online(product, shard, after, limit), deadline);
        return OnlineReply.newBuilder()
                .setTotal(online.total())
                .addAllUsers(online.users())
                .build();
    }

    private CrowdReply crowd(CrowdRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int shard = Shards.require("shard", request.getShard());
        int sample = Math.clamp(Integer.toUnsignedLong(request.getSample()), 1, LARGEST_SAMPLE);
        Crowd crowd = lostShards.ask(() -> index.crowd(product, shard, sample), deadline);
        return CrowdReply.newBuilder()
                .setUsers(crowd.users())
                .setLookedAt(crowd.lookedAt())
                .setDevices(crowd.devices())
                .build();
    }
}
