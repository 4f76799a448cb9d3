package io.longline.register.testing;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.Route;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.BindRequest;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.DevicesRequest;
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
import io.longline.rpc.v1.KnownDevice;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.SeenReply;
import io.longline.rpc.v1.SeenRequest;
import io.longline.rpc.v1.SeenUser;
import io.longline.rpc.v1.UnbindReply;
import io.longline.rpc.v1.UnbindRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Rooms and centers, as one register sees them: every call of Routes. */
public final class RegisterClient {
    public static final BatchMethod<BindRequest, BindReply> BIND =
            BatchMethod.of(RoutesGrpc.getBindMethod(), BindRequest.class, BindReply.class);
    private static final BatchMethod<UnbindRequest, UnbindReply> UNBIND =
            BatchMethod.of(RoutesGrpc.getUnbindMethod(), UnbindRequest.class, UnbindReply.class);
    private static final BatchMethod<LocateRequest, LocateReply> LOCATE =
            BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class);
    private static final BatchMethod<DevicesRequest, DevicesReply> DEVICES =
            BatchMethod.of(RoutesGrpc.getDevicesMethod(), DevicesRequest.class, DevicesReply.class);
    private static final BatchMethod<SeenRequest, SeenReply> SEEN =
            BatchMethod.of(RoutesGrpc.getSeenMethod(), SeenRequest.class, SeenReply.class);
    private static final BatchMethod<ForgetDevicesRequest, ForgetDevicesReply> FORGET_DEVICES =
            BatchMethod.of(RoutesGrpc.getForgetDevicesMethod(), ForgetDevicesRequest.class, ForgetDevicesReply.class);
    private static final BatchMethod<KickRequest, KickReply> KICK =
            BatchMethod.of(RoutesGrpc.getKickMethod(), KickRequest.class, KickReply.class);
    private static final BatchMethod<FollowRequest, FollowReply> FOLLOW =
            BatchMethod.of(RoutesGrpc.getFollowMethod(), FollowRequest.class, FollowReply.class);
    private static final BatchMethod<FollowsRequest, FollowsReply> FOLLOWS =
            BatchMethod.of(RoutesGrpc.getFollowsMethod(), FollowsRequest.class, FollowsReply.class);
    private static final BatchMethod<FollowersRequest, FollowersReply> FOLLOWERS =
            BatchMethod.of(RoutesGrpc.getFollowersMethod(), FollowersRequest.class, FollowersReply.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Peers registers;
    private final String instance;

    RegisterClient(Peers registers, String instance) {
        this.registers = registers;
        this.instance = instance;
    }

    public long bind(Endpoint endpoint, Place place) {
        return bindLater(endpoint, place).join().getGeneration();
    }

    public CompletableFuture<BindReply> bindLater(Endpoint endpoint, Place place) {
        return peer().call(BIND, bindRequest(endpoint, place), Deadline.after(PATIENCE));
    }

    public static BindRequest bindRequest(Endpoint endpoint, Place place) {
        return BindRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setPlace(Wire.route(new Route(place, 0, 0)).getPlace())
                .setNetwork("4g")
                .build();
    }

    public boolean unbind(Endpoint endpoint, long generation) {
        return unbind(endpoint, generation, false);
    }

    public boolean unbind(Endpoint endpoint, long generation, boolean forget) {
        UnbindRequest request = UnbindRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setGeneration(generation)
                .setForget(forget)
                .build();
        return peer().await(UNBIND, request, Deadline.after(PATIENCE)).getWasOwner();
    }

    public LocateReply locate(Endpoint endpoint) {
        LocateRequest request =
                LocateRequest.newBuilder().setEndpoint(Wire.endpoint(endpoint)).build();
        return peer().await(LOCATE, request, Deadline.after(PATIENCE));
    }

    public List<SeenUser> seen(String product, List<String> users) {
        SeenRequest request =
                SeenRequest.newBuilder().setProduct(product).addAllUsers(users).build();
        return peer().await(SEEN, request, Deadline.after(PATIENCE)).getUsersList();
    }

    public List<KnownDevice> devices(String product, String user) {
        return user(product, user).getDevicesList();
    }

    public DevicesReply user(String product, String user) {
        DevicesRequest request =
                DevicesRequest.newBuilder().setProduct(product).setUser(user).build();
        return peer().await(DEVICES, request, Deadline.after(PATIENCE));
    }

    /** {@code endpoint} with device "": a back end wants it, and {@code generation} is 0. */
    public FollowReply follow(Endpoint endpoint, String topic, boolean follows, long from, long generation) {
        FollowRequest request = FollowRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setTopic(topic)
                .setFollows(follows)
                .setFrom(from)
                .setGeneration(generation)
                .build();
        return peer().await(FOLLOW, request, Deadline.after(PATIENCE));
    }

    /** Of a client that may follow only what a back end has its user follow. */
    public FollowReply followByBackEnd(Endpoint endpoint, String topic, long from, long generation) {
        FollowRequest request = FollowRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setTopic(topic)
                .setFollows(true)
                .setFrom(from)
                .setGeneration(generation)
                .setOnlyByBackEnd(true)
                .build();
        return peer().await(FOLLOW, request, Deadline.after(PATIENCE));
    }

    public List<FollowedTopic> follows(Endpoint endpoint) {
        return followsReply(endpoint).getTopicsList();
    }

    public FollowsReply followsReply(Endpoint endpoint) {
        FollowsRequest request =
                FollowsRequest.newBuilder().setEndpoint(Wire.endpoint(endpoint)).build();
        return peer().await(FOLLOWS, request, Deadline.after(PATIENCE));
    }

    /** Of one shard. */
    public List<String> followers(String product, String topic, int shard) {
        FollowersRequest request = FollowersRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setShard(shard)
                .setLimit(100)
                .build();
        return peer().await(FOLLOWERS, request, Deadline.after(PATIENCE)).getUsersList();
    }

    /** {@code device} "": all of the user's. */
    public ForgetDevicesReply forget(String product, String user, String device) {
        ForgetDevicesRequest request = ForgetDevicesRequest.newBuilder()
                .setProduct(product)
                .setUser(user)
                .setDevice(device)
                .build();
        return peer().await(FORGET_DEVICES, request, Deadline.after(PATIENCE));
    }

    /** The same, asked for when that generation was answered. */
    public ForgetDevicesReply forget(String product, String user, String device, long uptoGeneration) {
        ForgetDevicesRequest request = ForgetDevicesRequest.newBuilder()
                .setProduct(product)
                .setUser(user)
                .setDevice(device)
                .setUptoGeneration(uptoGeneration)
                .build();
        return peer().await(FORGET_DEVICES, request, Deadline.after(PATIENCE));
    }

    public KickReply kick(KickRequest request) {
        return peer().await(KICK, request, Deadline.after(PATIENCE));
    }

    public Peer peer() {
        return registers.byInstance(instance).orElseThrow();
    }
}
