package io.longline.room.it;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.BindRequest;
import io.longline.rpc.v1.CrowdReply;
import io.longline.rpc.v1.CrowdRequest;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.DevicesRequest;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.FollowReply;
import io.longline.rpc.v1.FollowRequest;
import io.longline.rpc.v1.FollowedTopic;
import io.longline.rpc.v1.FollowersReply;
import io.longline.rpc.v1.FollowersRequest;
import io.longline.rpc.v1.FollowsReply;
import io.longline.rpc.v1.FollowsRequest;
import io.longline.rpc.v1.ForgetDevicesReply;
import io.longline.rpc.v1.ForgetDevicesRequest;
import io.longline.rpc.v1.KickReply;
import io.longline.rpc.v1.KickRequest;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A register that keeps its routes in a map. */
final class MapRegister {
    private final Map<Endpoint, Route> routes = new ConcurrentHashMap<>();
    private final Set<Endpoint> forgotten = ConcurrentHashMap.newKeySet();
    private final Map<Endpoint, String> partings = new ConcurrentHashMap<>();
    /** Devices that a back end had forgotten, by the generation under which they were. */
    private final Map<Endpoint, Long> forgottenElsewhere = new ConcurrentHashMap<>();

    /** Of endpoints that a back end kicked, what their clients are told. */
    private final Map<Endpoint, String> kickedElsewhere = new ConcurrentHashMap<>();

    private final Set<Long> gone = ConcurrentHashMap.newKeySet();
    private final AtomicLong generations = new AtomicLong();
    private volatile @Nullable LonglineException failure;
    private volatile @Nullable LonglineException unbindFailure;
    private volatile boolean rebuilding;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong notAfterMs = new AtomicLong();
    private final List<Long> anew = new CopyOnWriteArrayList<>();
    private final AtomicInteger late = new AtomicInteger();
    private final Map<Endpoint, List<Place>> wished = new ConcurrentHashMap<>();
    private final Map<Endpoint, String> networks = new ConcurrentHashMap<>();
    private final Map<Endpoint, Map<String, FollowedTopic>> follows = new ConcurrentHashMap<>();
    /** What back ends have follow, whatever clients want. */
    private final Map<Endpoint, Set<String>> byBackEnds = new ConcurrentHashMap<>();

    /** When devices were first bound; those that are not named then. */
    private final Map<Endpoint, Long> born = new ConcurrentHashMap<>();

    private volatile @Nullable LonglineException followFailure;
    private volatile @Nullable LonglineException seenFailure;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch stalled = new CountDownLatch(0);

    RpcService service() {
        return RpcService.of(RoutesGrpc.getServiceDescriptor())
                .batched(
                        BatchMethod.of(RoutesGrpc.getBindMethod(), BindRequest.class, BindReply.class),
                        (requests, deadline) -> each(requests, this::bind))
                .batched(
                        BatchMethod.of(RoutesGrpc.getUnbindMethod(), UnbindRequest.class, UnbindReply.class),
                        (requests, deadline) -> each(requests, this::unbind))
                .batched(
                        BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class),
                        (requests, deadline) -> each(requests, this::locate))
                .batched(
                        BatchMethod.of(RoutesGrpc.getDevicesMethod(), DevicesRequest.class, DevicesReply.class),
                        (requests, deadline) -> each(requests, request -> DevicesReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(RoutesGrpc.getOnlineMethod(), OnlineRequest.class, OnlineReply.class),
                        (requests, deadline) -> each(requests, request -> OnlineReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(RoutesGrpc.getSeenMethod(), SeenRequest.class, SeenReply.class),
                        (requests, deadline) -> each(requests, this::seen))
                .batched(
                        BatchMethod.of(RoutesGrpc.getCrowdMethod(), CrowdRequest.class, CrowdReply.class),
                        (requests, deadline) -> each(requests, request -> CrowdReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(
                                RoutesGrpc.getForgetDevicesMethod(),
                                ForgetDevicesRequest.class,
                                ForgetDevicesReply.class),
                        (requests, deadline) -> each(requests, request -> ForgetDevicesReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(RoutesGrpc.getKickMethod(), KickRequest.class, KickReply.class),
                        (requests, deadline) -> each(requests, request -> KickReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(RoutesGrpc.getFollowMethod(), FollowRequest.class, FollowReply.class),
                        (requests, deadline) -> each(requests, this::follow))
                .batched(
                        BatchMethod.of(RoutesGrpc.getFollowsMethod(), FollowsRequest.class, FollowsReply.class),
                        (requests, deadline) -> each(requests, this::follows))
                .batched(
                        BatchMethod.of(RoutesGrpc.getFollowersMethod(), FollowersRequest.class, FollowersReply.class),
                        (requests, deadline) -> each(requests, request -> FollowersReply.getDefaultInstance()));
    }

    /** Every question who is online fails so from now on; null: none does. */
    void failsSeen(@Nullable LonglineException why) {
        seenFailure = why;
    }

    /** Who has a route is online, and was last seen at its generation. */
    private SeenReply seen(SeenRequest request) {
        LonglineException why = seenFailure;
        if (why != null) {
            return SeenReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        SeenReply.Builder reply = SeenReply.newBuilder();
        for (String user : request.getUsersList()) {
            long seen = routes.entrySet().stream()
                    .filter(route -> route.getKey().getProduct().equals(request.getProduct()))
                    .filter(route -> route.getKey().getUser().equals(user))
                    .mapToLong(route -> route.getValue().getGeneration())
                    .max()
                    .orElse(0);
            reply.addUsersBuilder().setOnline(seen > 0).setLastSeenMs(seen);
        }
        return reply.build();
    }

    /** Every call about what is followed fails so from now on; null: none does. */
    void failsFollows(@Nullable LonglineException why) {
        followFailure = why;
    }

    /** A back end has the endpoint follow a topic, behind this offset. The room is not told. */
    void followElsewhere(Endpoint endpoint, String topic, long from) {
        byBackEnds(endpoint).add(topic);
        topics(endpoint)
                .put(
                        topic,
                        FollowedTopic.newBuilder()
                                .setTopic(topic)
                                .setFrom(from)
                                .setByBackEnd(true)
                                .build());
    }

    /** A back end has the endpoint follow it no longer. The room is not told. */
    void unfollowElsewhere(Endpoint endpoint, String topic) {
        byBackEnds(endpoint).remove(topic);
        topics(endpoint).remove(topic);
    }

    private Set<String> byBackEnds(Endpoint endpoint) {
        return byBackEnds.computeIfAbsent(endpoint, key -> ConcurrentHashMap.newKeySet());
    }

    /** Its device was first bound then; 0: nobody knows. */
    void born(Endpoint endpoint, long generation) {
        born.put(endpoint, generation);
    }

    /** What an endpoint follows, by topic. */
    Map<String, FollowedTopic> topics(Endpoint endpoint) {
        return follows.computeIfAbsent(endpoint, key -> new ConcurrentHashMap<>());
    }

    private FollowReply follow(FollowRequest request) {
        LonglineException why = followFailure;
        if (why != null) {
            return FollowReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        Route route = routes.get(request.getEndpoint());
        if (route == null || route.getGeneration() != request.getGeneration()) {
            return FollowReply.newBuilder().setStale(true).build();
        }
        Map<String, FollowedTopic> of = topics(request.getEndpoint());
        if (!request.getFollows()) {
            of.remove(request.getTopic());
            return FollowReply.getDefaultInstance();
        }
        boolean byBackEnd = byBackEnds(request.getEndpoint()).contains(request.getTopic());
        if (request.getOnlyByBackEnd() && !byBackEnd) {
            return FollowReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(
                            new LonglineException(ErrorCode.PERMISSION_DENIED, "no back end has its user follow it")))
                    .build();
        }
        FollowedTopic now = of.computeIfAbsent(
                request.getTopic(),
                topic -> FollowedTopic.newBuilder()
                        .setTopic(topic)
                        .setFrom(request.getFrom())
                        .setByBackEnd(byBackEnd)
                        .build());
        return FollowReply.newBuilder()
                .setFrom(now.getFrom())
                .setByBackEnd(byBackEnd)
                .build();
    }

    private FollowsReply follows(FollowsRequest request) {
        LonglineException why = followFailure;
        return why != null
                ? FollowsReply.newBuilder()
                        .setError(ErrorTranslator.toStatus(why))
                        .build()
                : FollowsReply.newBuilder()
                        .addAllTopics(topics(request.getEndpoint()).values())
                        .setBorn(born.getOrDefault(request.getEndpoint(), 0L))
                        .build();
    }

    /** Every bind fails so from now on; null: none does. */
    void fails(@Nullable LonglineException why) {
        failure = why;
    }

    /** Every unbind fails so from now on; null: none does. */
    void failsUnbinds(@Nullable LonglineException why) {
        unbindFailure = why;
    }

    /** Binds are done, but not answered until the latch is down. */
    CountDownLatch hold() {
        held = new CountDownLatch(1);
        return held;
    }

    /** Nothing is done until the latch is down, as if the process was stopped. */
    CountDownLatch stall() {
        stalled = new CountDownLatch(1);
        return stalled;
    }

    /** When sessions were bound anew, in terms of {@link System#nanoTime()}. */
    List<Long> anew() {
        return anew;
    }

    /** As the latest bind said. */
    @Nullable
    String network(Endpoint endpoint) {
        return networks.get(endpoint);
    }

    /** For which places this endpoint was to be bound, in the order of the calls, also of those that failed. */
    List<Place> wished(Endpoint endpoint) {
        return wished.computeIfAbsent(endpoint, key -> new CopyOnWriteArrayList<>());
    }

    /** How many binds came too late. */
    int late() {
        return late.get();
    }

    @Nullable
    Route route(Endpoint endpoint) {
        return routes.get(endpoint);
    }

    /** Locate answers unknown as long as this is so. */
    void rebuilding(boolean is) {
        rebuilding = is;
    }

    /** How many endpoints were asked for. */
    long located() {
        return asked.get();
    }

    /** Of the latest bind. */
    long notAfterMs() {
        return notAfterMs.get();
    }

    /** As a Redis that was emptied. */
    void loseAll() {
        routes.clear();
    }

    /** Somebody binds the endpoint at another room. */
    void bindElsewhere(Endpoint endpoint) {
        Place place = Place.newBuilder().setRoom("elsewhere").setIncarnation(1).build();
        routes.put(
                endpoint,
                Route.newBuilder()
                        .setPlace(place)
                        .setGeneration(nextGeneration())
                        .build());
    }

    /** A back end has the device forgotten; the event of it is lost. */
    void forgetElsewhere(Endpoint endpoint) {
        forgottenElsewhere.put(endpoint, nextGeneration());
        routes.remove(endpoint);
    }

    /** A back end kicks the endpoint; the event of it is lost. */
    void kickElsewhere(Endpoint endpoint, String reason) {
        kickedElsewhere.put(endpoint, reason);
        routes.remove(endpoint);
    }

    /** As a register does whose ZooKeeper has no such incarnation of the room: it has no routes, and may bind none. */
    void declareGone(long incarnation) {
        gone.add(incarnation);
        routes.values().removeIf(route -> route.getPlace().getIncarnation() == incarnation);
    }

    Set<Endpoint> forgotten() {
        return forgotten;
    }

    private <Q, A> List<A> each(List<Q> requests, Function<Q, A> handler) {
        await(stalled);
        return requests.stream().map(handler).toList();
    }

    private BindReply bind(BindRequest request) {
        notAfterMs.set(request.getNotAfterMs());
        wished(request.getEndpoint()).add(request.getPlace());
        networks.put(request.getEndpoint(), request.getNetwork());
        LonglineException why = gone.contains(request.getPlace().getIncarnation()) ? incarnationGone(request) : failure;
        if (why != null) {
            return BindReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        BindReply.Builder reply = BindReply.newBuilder()
                .setTimeMs(System.currentTimeMillis())
                .addAllTopics(topics(request.getEndpoint()).values());
        if (request.getNotAfterMs() < reply.getTimeMs()) {
            late.incrementAndGet();
            return reply.setLate(true).build();
        }
        if (request.getPreviousGeneration() != 0) {
            anew.add(System.nanoTime());
        }
        Route present = routes.get(request.getEndpoint());
        if (present != null && present.getPlace().equals(request.getPlace())) {
            return reply.setGeneration(present.getGeneration()).build();
        }
        Long forgottenAt = forgottenElsewhere.get(request.getEndpoint());
        if (forgottenAt != null && request.getPreviousGeneration() != 0) {
            return reply.setOvertakenBy(forgottenAt).setForgotten(true).build();
        }
        String kicked = kickedElsewhere.get(request.getEndpoint());
        if (kicked != null && request.getPreviousGeneration() != 0) {
            return reply.setOvertakenBy(nextGeneration())
                    .setKicked(true)
                    .setReason(kicked)
                    .build();
        }
        if (present != null
                && request.getPreviousGeneration() != 0
                && present.getGeneration() > request.getPreviousGeneration()) {
            return reply.setOvertakenBy(present.getGeneration()).build();
        }
        long previous = request.getPreviousGeneration();
        long generation = previous > 0 ? previous : nextGeneration();
        routes.put(
                request.getEndpoint(),
                Route.newBuilder()
                        .setPlace(request.getPlace())
                        .setGeneration(generation)
                        .build());
        born.putIfAbsent(request.getEndpoint(), generation);
        await(held);
        return reply.setGeneration(generation)
                .setBorn(born.getOrDefault(request.getEndpoint(), 0L))
                .build();
    }

    private static LonglineException incarnationGone(BindRequest request) {
        return new LonglineException(
                ErrorCode.OVERLOADED,
                "incarnation is gone: " + request.getPlace().getRoom() + "/"
                        + request.getPlace().getIncarnation());
    }

    /** Led by the clock, as those of a register are. */
    private long nextGeneration() {
        long now = System.currentTimeMillis() * 1024;
        return generations.updateAndGet(last -> Math.max(last + 1, now));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new LonglineException(ErrorCode.INTERNAL, "interrupted", e);
        }
    }

    /** Why its last session gave it back; null: none did. */
    @Nullable
    String parting(Endpoint endpoint) {
        return partings.get(endpoint);
    }

    private UnbindReply unbind(UnbindRequest request) {
        LonglineException why = unbindFailure;
        if (why != null) {
            return UnbindReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        Route route = routes.get(request.getEndpoint());
        boolean owner = route != null
                && route.getGeneration() == request.getGeneration()
                && routes.remove(request.getEndpoint(), route);
        if (owner) {
            partings.put(request.getEndpoint(), request.getReason());
        }
        if (owner && request.getForget()) {
            forgotten.add(request.getEndpoint());
        }
        return UnbindReply.newBuilder()
                .setWasOwner(owner)
                .setTimeMs(System.currentTimeMillis())
                .setNewerGeneration(owner || route == null ? 0 : route.getGeneration())
                .build();
    }

    private LocateReply locate(LocateRequest request) {
        asked.incrementAndGet();
        if (rebuilding) {
            return LocateReply.newBuilder()
                    .setUnknown(Unknown.getDefaultInstance())
                    .build();
        }
        Route route = routes.get(request.getEndpoint());
        return route == null
                ? LocateReply.newBuilder()
                        .setOffline(Offline.getDefaultInstance())
                        .build()
                : LocateReply.newBuilder().setOnline(route).build();
    }

    /** Of the latest bind. */
    Place place(Endpoint endpoint) {
        Route route = routes.get(endpoint);
        if (route == null) {
            throw new AssertionError("no route of " + endpoint);
        }
        return route.getPlace();
    }
}
