package io.longline.center.kit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.BindRequest;
import io.longline.rpc.v1.CrowdReply;
import io.longline.rpc.v1.CrowdRequest;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.DevicesRequest;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.FollowReply;
import io.longline.rpc.v1.FollowRequest;
import io.longline.rpc.v1.FollowersReply;
import io.longline.rpc.v1.FollowersRequest;
import io.longline.rpc.v1.FollowsReply;
import io.longline.rpc.v1.FollowsRequest;
import io.longline.rpc.v1.ForgetDevicesReply;
import io.longline.rpc.v1.ForgetDevicesRequest;
import io.longline.rpc.v1.KickReply;
import io.longline.rpc.v1.KickRequest;
import io.longline.rpc.v1.KnownDevice;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.Offline;
import io.longline.rpc.v1.OnlineReply;
import io.longline.rpc.v1.OnlineRequest;
import io.longline.rpc.v1.Place;
import io.longline.rpc.v1.Route;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.SeenReply;
import io.longline.rpc.v1.SeenRequest;
import io.longline.rpc.v1.UnbindReply;
import io.longline.rpc.v1.UnbindRequest;
import io.longline.rpc.v1.Unknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** register, in a map. */
public final class FakeRegister {
    private final Map<Endpoint, Long> born = new HashMap<>();
    private static final long GENERATION = 7;
    private static final int MOST_TOPICS = 200;

    private final Map<Endpoint, Boolean> devices = new LinkedHashMap<>();
    private final Map<Endpoint, Route> routes = new LinkedHashMap<>();
    /** By user, without a device: the offset after which each topic is followed. */
    private final Map<Endpoint, Map<String, Long>> follows = new LinkedHashMap<>();
    /** What locate answers first, once each. */
    private final ConcurrentLinkedQueue<Route> stale = new ConcurrentLinkedQueue<>();

    private final List<KickRequest> kicks = new ArrayList<>();

    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile boolean rebuilding;
    private volatile @Nullable LonglineException failure;

    List<RpcService> services() {
        RpcService service = RpcService.of(RoutesGrpc.getServiceDescriptor());
        Methods.each(
                service,
                RoutesGrpc.getLocateMethod(),
                LocateRequest.class,
                LocateReply.class,
                request -> inTurn(() -> locate(request)),
                e -> LocateReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getDevicesMethod(),
                DevicesRequest.class,
                DevicesReply.class,
                request -> inTurn(() -> devices(request)),
                e -> DevicesReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getOnlineMethod(),
                OnlineRequest.class,
                OnlineReply.class,
                request -> inTurn(() -> online(request)),
                e -> OnlineReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getCrowdMethod(),
                CrowdRequest.class,
                CrowdReply.class,
                request -> inTurn(() -> crowd(request)),
                e -> CrowdReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getForgetDevicesMethod(),
                ForgetDevicesRequest.class,
                ForgetDevicesReply.class,
                request -> inTurn(() -> forget(request)),
                e -> ForgetDevicesReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getKickMethod(),
                KickRequest.class,
                KickReply.class,
                request -> inTurn(() -> kick(request)),
                e -> KickReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getFollowMethod(),
                FollowRequest.class,
                FollowReply.class,
                request -> inTurn(() -> follow(request)),
                e -> FollowReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getFollowersMethod(),
                FollowersRequest.class,
                FollowersReply.class,
                request -> inTurn(() -> followers(request)),
                e -> FollowersReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                RoutesGrpc.getFollowsMethod(),
                FollowsRequest.class,
                FollowsReply.class,
                this::follows,
                e -> FollowsReply.newBuilder().setError(e).build());
        Methods.unused(service, RoutesGrpc.getSeenMethod(), SeenRequest.class, SeenReply.class);
        Methods.unused(service, RoutesGrpc.getBindMethod(), BindRequest.class, BindReply.class);
        Methods.unused(service, RoutesGrpc.getUnbindMethod(), UnbindRequest.class, UnbindReply.class);
        return List.of(service);
    }

    private <T> T inTurn(Supplier<T> answer) {
        CountDownLatch until = held;
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return answer.get();
    }

    /** Answers nothing until the latch is counted down. */
    public CountDownLatch hold() {
        CountDownLatch latch = new CountDownLatch(1);
        held = latch;
        return latch;
    }

    private synchronized LocateReply locate(LocateRequest request) {
        failIfTold();
        if (rebuilding) {
            return LocateReply.newBuilder()
                    .setUnknown(Unknown.getDefaultInstance())
                    .build();
        }
        Route first = stale.poll();
        Route route = first == null ? routes.get(request.getEndpoint()) : first;
        return route == null
                ? LocateReply.newBuilder()
                        .setOffline(Offline.getDefaultInstance())
                        .build()
                : LocateReply.newBuilder().setOnline(route).build();
    }

    private synchronized DevicesReply devices(DevicesRequest request) {
        failIfTold();
        DevicesReply.Builder reply = DevicesReply.newBuilder().setGeneration(GENERATION);
        List<Endpoint> known = new ArrayList<>(devices.keySet()).reversed();
        for (Endpoint endpoint : known) {
            if (endpoint.getProduct().equals(request.getProduct())
                    && endpoint.getUser().equals(request.getUser())) {
                reply.addDevices(known(endpoint, routes.get(endpoint)));
            }
        }
        Endpoint user = Endpoint.newBuilder()
                .setProduct(request.getProduct())
                .setUser(request.getUser())
                .build();
        return reply.addAllTopics(follows.getOrDefault(user, Map.of()).keySet()).build();
    }

    private synchronized FollowReply follow(FollowRequest request) {
        failIfTold();
        if (!request.getEndpoint().getDevice().isEmpty() || request.getGeneration() != 0) {
            throw new LonglineException(ErrorCode.INVALID_ARGUMENT, "asked for as a client: " + request);
        }
        Map<String, Long> topics = follows.computeIfAbsent(request.getEndpoint(), _ -> new LinkedHashMap<>());
        if (!request.getFollows()) {
            topics.remove(request.getTopic());
            return FollowReply.getDefaultInstance();
        }
        if (topics.size() >= MOST_TOPICS && !topics.containsKey(request.getTopic())) {
            throw new LonglineException(ErrorCode.QUEUE_FULL, "follows " + MOST_TOPICS + " topics, which is the most");
        }
        return FollowReply.newBuilder()
                .setFrom(topics.merge(request.getTopic(), request.getFrom(), Math::min))
                .build();
    }

    /** Nobody is asked for what he follows here, but for when his device was born. */
    private synchronized FollowsReply follows(FollowsRequest request) {
        failIfTold();
        return FollowsReply.newBuilder()
                .setBorn(born.getOrDefault(request.getEndpoint(), 0L))
                .build();
    }

    /** When a device was bound for the first time: a number as offsets are. */
    public synchronized void born(Endpoint endpoint, long number) {
        born.put(endpoint, number);
    }

    private synchronized FollowersReply followers(FollowersRequest request) {
        failIfTold();
        List<String> users = follows.entrySet().stream()
                .filter(one -> one.getKey().getProduct().equals(request.getProduct())
                        && one.getValue().containsKey(request.getTopic()))
                .map(one -> one.getKey().getUser())
                .filter(user -> Shards.of(request.getProduct(), user) == request.getShard())
                .sorted()
                .toList();
        return FollowersReply.newBuilder()
                .setTotal(users.size())
                .addAllUsers(users.stream()
                        .filter(user -> user.compareTo(request.getAfter()) > 0)
                        .limit(request.getLimit())
                        .toList())
                .build();
    }

    /** After which offset the user follows the topic; empty: not at all. */
    public synchronized OptionalLong followsFrom(Endpoint user, String topic) {
        Long from = follows.getOrDefault(user, Map.of()).get(topic);
        return from == null ? OptionalLong.empty() : OptionalLong.of(from);
    }

    private synchronized OnlineReply online(OnlineRequest request) {
        failIfTold();
        List<String> users = routes.keySet().stream()
                .filter(known -> known.getProduct().equals(request.getProduct()))
                .map(Endpoint::getUser)
                .filter(user -> Shards.of(request.getProduct(), user) == request.getShard())
                .distinct()
                .sorted()
                .toList();
        return OnlineReply.newBuilder()
                .setTotal(users.size())
                .addAllUsers(users.stream()
                        .filter(user -> user.compareTo(request.getAfter()) > 0)
                        .limit(request.getLimit())
                        .toList())
                .build();
    }

    private synchronized CrowdReply crowd(CrowdRequest request) {
        failIfTold();
        List<Endpoint> connected = routes.keySet().stream()
                .filter(known -> known.getProduct().equals(request.getProduct()))
                .filter(known -> Shards.of(request.getProduct(), known.getUser()) == request.getShard())
                .toList();
        List<String> users =
                connected.stream().map(Endpoint::getUser).distinct().toList();
        List<String> sample = users.subList(0, Math.min(users.size(), request.getSample()));
        return CrowdReply.newBuilder()
                .setUsers(users.size())
                .setLookedAt(sample.size())
                .setDevices(connected.stream()
                        .filter(known -> sample.contains(known.getUser()))
                        .count())
                .build();
    }

    private synchronized ForgetDevicesReply forget(ForgetDevicesRequest request) {
        failIfTold();
        if (request.getUptoGeneration() != GENERATION) {
            throw new LonglineException(ErrorCode.INVALID_ARGUMENT, "asked for no bound: " + request);
        }
        List<Endpoint> meant = devices.keySet().stream()
                .filter(known -> known.getProduct().equals(request.getProduct())
                        && known.getUser().equals(request.getUser())
                        && (request.getDevice().isEmpty() || known.getDevice().equals(request.getDevice())))
                .toList();
        ForgetDevicesReply.Builder reply = ForgetDevicesReply.newBuilder();
        for (Endpoint endpoint : meant) {
            devices.remove(endpoint);
            reply.addDevices(endpoint.getDevice());
            reply.setSessions(reply.getSessions() + (routes.remove(endpoint) == null ? 0 : 1));
        }
        return reply.setDropped(meant.size()).build();
    }

    private synchronized KickReply kick(KickRequest request) {
        failIfTold();
        kicks.add(request);
        List<Endpoint> ofUser = devices.keySet().stream()
                .filter(known -> known.getProduct().equals(request.getProduct())
                        && known.getUser().equals(request.getUser()))
                .toList();
        int sessions = 0;
        for (Endpoint endpoint : ofUser) {
            boolean isMeant =
                    request.getDevice().isEmpty() || endpoint.getDevice().equals(request.getDevice());
            sessions += isMeant && routes.remove(endpoint) != null ? 1 : 0;
        }
        return KickReply.newBuilder()
                .setUnknown(ofUser.isEmpty())
                .setSessions(sessions)
                .build();
    }

    /** What was asked for, in order. */
    public synchronized List<KickRequest> kicks() {
        return List.copyOf(kicks);
    }

    private static KnownDevice known(Endpoint endpoint, @Nullable Route route) {
        KnownDevice.Builder device =
                KnownDevice.newBuilder().setDevice(endpoint.getDevice()).setLastSeenMs(1_700_000_000_000L);
        if (route != null) {
            device.setRoute(route).setNetwork("wifi");
        }
        return device.build();
    }

    /** A device that was connected once; the last one known is the latest. */
    public synchronized void know(Endpoint endpoint) {
        devices.put(endpoint, true);
    }

    public synchronized void connect(Endpoint endpoint, FakeRoom room, long generation) {
        know(endpoint);
        routes.put(endpoint, route(room, generation));
    }

    public synchronized void disconnect(Endpoint endpoint) {
        routes.remove(endpoint);
    }

    /** The next locate is told a place that was left already. */
    public void answerOnce(FakeRoom room, long generation) {
        stale.add(route(room, generation));
    }

    private void failIfTold() {
        LonglineException told = failure;
        if (told != null) {
            throw told;
        }
    }

    /** What everything is answered with; null: as it is. */
    public void fail(@Nullable LonglineException error) {
        failure = error;
    }

    /** While true, nobody knows where anybody is. */
    public void rebuilding(boolean yes) {
        rebuilding = yes;
    }

    private static Route route(FakeRoom room, long generation) {
        return Route.newBuilder()
                .setPlace(Place.newBuilder()
                        .setRoom(room.instance())
                        .setIncarnation(FakeRoom.INCARNATION)
                        .setLoop(1)
                        .setSlot(2)
                        .setSlotGeneration(3))
                .setGeneration(generation)
                .setSinceMs(1_700_000_000_001L)
                .build();
    }
}
