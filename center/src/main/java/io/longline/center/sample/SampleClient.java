package io.longline.center.sample;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownUser;
import io.longline.center.job.Job;
import io.longline.center.page.ShardPages;
import io.longline.center.page.ShardPlace;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import io.longline.center.topic.Topics;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.DevicesRequest;
import io.longline.rpc.v1.FollowsReply;
import io.longline.rpc.v1.FollowsRequest;
import io.longline.rpc.v1.OnlineReply;
import io.longline.rpc.v1.OnlineRequest;
import io.longline.rpc.v1.PositionReply;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.TopicsGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** How a broadcast stands at some of the endpoints that are connected now. Its job knows how many have it, and not who. */
public final class SampleClient {
    private static final BatchMethod<OnlineRequest, OnlineReply> ONLINE =
            BatchMethod.of(RoutesGrpc.getOnlineMethod(), OnlineRequest.class, OnlineReply.class);
    private static final BatchMethod<DevicesRequest, DevicesReply> DEVICES =
            BatchMethod.of(RoutesGrpc.getDevicesMethod(), DevicesRequest.class, DevicesReply.class);
    private static final BatchMethod<FollowsRequest, FollowsReply> FOLLOWS =
            BatchMethod.of(RoutesGrpc.getFollowsMethod(), FollowsRequest.class, FollowsReply.class);
    private static final BatchMethod<PositionRequest, PositionReply> POSITION =
            BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class);
    private static final ShardPages<String> PAGES = new ShardPages<>("register", user -> user);
    private static final int MOST = 10;

    private final Peers registers;
    private final Peers savers;

    public SampleClient(Peers registers, Peers savers) {
        this.registers = registers;
        this.savers = savers;
    }

    /** What is asked of one endpoint. */
    private record Asked(
            Endpoint endpoint, CompletableFuture<PositionReply> position, CompletableFuture<FollowsReply> born) {}

    /**
     * At most {@value #MOST}, the same each time as long as they are connected. Who has acknowledged it is {@code acked}; who has not is {@code
     * stored}, be it written or waiting, and left out where nobody is sent it any more, or his device is younger. None before it is in its log.
     */
    public List<EndpointResult> of(Job job, Job.Broadcast broadcast, Deadline deadline) {
        long offset = broadcast.progress().offset();
        if (offset == 0) {
            return List.of();
        }
        boolean goesOn = !job.recalled() && !isCutOff(job);
        return connected(job, deadline).stream()
                .map(endpoint -> ask(endpoint, broadcast.topic(), deadline))
                .toList()
                .stream()
                .flatMap(asked -> result(asked, offset, goesOn))
                .toList();
    }

    private static boolean isCutOff(Job job) {
        return switch (job.state()) {
            case CANCELLED, FAILED -> true;
            default -> false;
        };
    }

    /** From a place in the order of users that is the job's, so that each has its own. */
    private List<Endpoint> connected(Job job, Deadline deadline) {
        String product = job.product();
        List<String> users = new ArrayList<>(page(product, new ShardPlace(Shards.of(product, job.id()), ""), deadline));
        if (users.size() < MOST) {
            users.addAll(page(product, ShardPlace.FIRST, deadline));
        }
        List<String> some = users.stream().distinct().limit(MOST).toList();
        List<CompletableFuture<KnownUser>> known =
                some.stream().map(user -> devices(product, user, deadline)).toList();
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            String user = some.get(i);
            Unanswered.join("register", known.get(i)).devices().stream()
                    .filter(device -> device.route() != null)
                    .forEach(device -> endpoints.add(new Endpoint(product, user, device.device())));
        }
        return endpoints.subList(0, Math.min(MOST, endpoints.size()));
    }

    private CompletableFuture<KnownUser> devices(String product, String user, Deadline deadline) {
        DevicesRequest request =
                DevicesRequest.newBuilder().setProduct(product).setUser(user).build();
        return registers
                .call(Shards.key(product, user), DEVICES, request, deadline)
                .thenApply(Wire::knownUser);
    }

    private List<String> page(String product, ShardPlace from, Deadline deadline) {
        return PAGES.read(
                        from,
                        MOST,
                        (shard, after, limit) -> registers
                                .call(
                                        shard,
                                        ONLINE,
                                        OnlineRequest.newBuilder()
                                                .setProduct(product)
                                                .setShard(shard)
                                                .setAfter(after)
                                                .setLimit(limit)
                                                .build(),
                                        deadline)
                                .thenApply(reply -> List.copyOf(reply.getUsersList())))
                .items();
    }

    private Asked ask(Endpoint endpoint, String topic, Deadline deadline) {
        PositionRequest position = PositionRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setTopic(topic)
                .setFrom(0)
                .build();
        FollowsRequest follows =
                FollowsRequest.newBuilder().setEndpoint(Wire.endpoint(endpoint)).build();
        long user = Shards.key(endpoint.product(), endpoint.user());
        return new Asked(
                endpoint,
                savers.call(Topics.key(endpoint.product(), topic), POSITION, position, deadline),
                registers.call(user, FOLLOWS, follows, deadline));
    }

    private static Stream<EndpointResult> result(Asked asked, long offset, boolean goesOn) {
        boolean isAcked = Unanswered.join("saver", asked.position).getPosition() >= offset;
        boolean isYounger = Unanswered.join("register", asked.born).getBorn() > offset;
        Status status = isAcked ? Status.ACKED : Status.STORED;
        return isAcked || (goesOn && !isYounger)
                ? Stream.of(new EndpointResult(asked.endpoint.user(), asked.endpoint.device(), status, null, 0))
                : Stream.empty();
    }
}
