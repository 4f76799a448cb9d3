package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.history.EndpointId;
import io.longline.keeper.http.Json;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.TopicPosition;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The clients of one process, on one thread. */
final class Crowd implements AutoCloseable {
    private static final int HEARTBEAT_S = 600;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final CrowdLoop loop;

    /** As {@link CrowdSetup} says. */
    Crowd(CrowdSetup setup) {
        List<InetSocketAddress> rooms = new ArrayList<>(setup.rooms());
        Tenant tenant = new Tenant(setup.product(), "", setup.clientSecret(), false);
        this.loop = new CrowdLoop(group.next(), setup.wire(), rooms, index -> hello(tenant, setup, index));
    }

    private static ClientFrame hello(Tenant tenant, CrowdSetup setup, int index) {
        EndpointId endpoint = new EndpointId(tenant.product(), CrowdProcess.user(index), CrowdProcess.DEVICE);
        Bind.Builder bind = Bind.newBuilder()
                .setRef(1)
                .setProduct(endpoint.product())
                .setUser(endpoint.user())
                .setToken(tenant.token(endpoint));
        if (!setup.topic().isEmpty()) {
            bind.addTopics(TopicPosition.newBuilder().setTopic(setup.topic()));
        }
        return ClientFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setDevice(endpoint.device())
                        .setHeartbeatS(HEARTBEAT_S)
                        .addBind(bind))
                .build();
    }

    /** Carries out a command of {@link CrowdProcess}. */
    ObjectNode obey(JsonNode command) {
        return switch (command.path("do").asText()) {
            case "connect" -> connect(command);
            case "know" -> know(command);
            case "come_and_go" ->
                did(() -> {
                    loop.comings().helloWithin(command.path("hello_ms").asLong());
                    loop.habits().comeAndGo(command.path("per_s").asDouble());
                });
            case "standing" -> loop.call(() -> loop.comings().standing());
            case "disconnect" -> did(loop::close);
            case "counts" -> loop.call(loop::takeCounts).json();
            case "state" -> state();
            case "missing" -> missing(command);
            case "acks" -> did(() -> loop.acks(command.path("on").asBoolean()));
            case "come_back" -> did(() -> loop.comesBack(command.path("on").asBoolean()));
            case "drop" ->
                did(() -> loop.habits()
                        .drop(
                                command.path("per_s").asDouble(),
                                command.path("away_ms").asLong()));
            case "ping" -> did(() -> loop.habits().ping(command.path("per_s").asDouble()));
            case "send" ->
                did(() -> loop.habits()
                        .send(
                                command.path("per_s").asDouble(),
                                Sending.valueOf(command.path("how").asText()),
                                command.path("run").asInt(),
                                command.path("size").asInt()));
            case "stall" -> did(() -> loop.stall(command.path("count").asInt()));
            default -> throw new IllegalArgumentException("unknown command: " + command);
        };
    }

    private ObjectNode did(Runnable task) {
        return loop.call(() -> {
            task.run();
            return Json.object();
        });
    }

    /** Of clients that are away. */
    private ObjectNode know(JsonNode command) {
        int first = command.path("first").asInt();
        int count = command.path("count").asInt();
        return did(() -> {
            for (int i = first; i < first + count; i++) {
                Client client = new Client(i);
                client.wishes(false);
                loop.comings().know(client);
            }
        });
    }

    /** Returns when all are bound, or the patience is at its end. */
    private ObjectNode connect(JsonNode command) {
        int first = command.path("first").asInt();
        int count = command.path("count").asInt();
        int room = command.path("room").asInt();
        int atOnce = command.path("at_once").asInt();
        long until = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(command.path("patience_ms").asLong());
        int before = loop.call(loop::bound);
        int begun = 0;
        int bound = 0;
        while (bound < count && System.nanoTime() < until) {
            int more = Math.min(count - begun, atOnce - (begun - bound));
            int from = begun;
            bound = loop.call(() -> {
                        for (int i = from; i < from + more; i++) {
                            loop.begin(first + i, room);
                        }
                        return loop.bound();
                    })
                    - before;
            begun += Math.max(0, more);
            LockSupport.parkNanos(POLL_NANOS);
        }
        return state().put("newly_bound", bound);
    }

    private ObjectNode state() {
        return loop.call(() -> Json.object()
                .put("away", loop.away())
                .put("restless", loop.comings().restless())
                .put("following", loop.following())
                .put("problem", Objects.requireNonNullElse(loop.problem(), "")));
    }

    /** Messages went to users in turn, so the first ones may have one more; those of topics to each of them. */
    private ObjectNode missing(JsonNode command) {
        int run = command.path("run").asInt();
        long total = command.path("total").asLong();
        int users = command.path("users").asInt();
        long missing = command.path("of_topics").asBoolean()
                ? loop.call(() -> loop.missing(client -> client.gotOfTopics(run), index -> total))
                : loop.call(() -> loop.missing(
                        client -> client.got(run), index -> total / users + (index < total % users ? 1 : 0)));
        return Json.object().put("missing", missing);
    }

    @Override
    public void close() {
        did(loop::close);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
