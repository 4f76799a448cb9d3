package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.Route;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Saver and register do nothing for a while, as stopped processes, and messages and clients go on coming. */
@Timeout(240)
class StoppedPeersIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration STOP = Duration.ofSeconds(Boolean.getBoolean("longline.test.long") ? 60 : 3);
    private static final Duration OUTLASTS_STOP = STOP.plusMinutes(10);
    private static final int CLIENTS = 30;

    private final Random random = new Random(1);
    private final List<SteadyClient> clients = new ArrayList<>();
    private final Map<Endpoint, List<Long>> stored = new HashMap<>();
    private RoomWorld world;

    @BeforeEach
    void open() {
        Map<String, String> usualWaits = Map.of("room.answer-wait", "2s", "room.load-wait", "500ms");
        Map<String, String> settings = new HashMap<>(usualWaits);
        settings.putAll(Map.of("room.max-handshakes", "10", "room.max-sessions", "64"));
        world = new RoomWorld(ZOOKEEPER.store(), settings);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SteadyClient(world, "p" + i));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> world.metric("longline_room_sessions") == CLIENTS);
    }

    @AfterEach
    void close() throws Exception {
        for (SteadyClient client : clients) {
            client.close();
        }
        world.close();
    }

    private SteadyClient anyClient() {
        return clients.get(random.nextInt(clients.size()));
    }

    /** Stored, and handed over if anybody knows where to; the answer matters to nobody. */
    private void push() {
        Endpoint endpoint = anyClient().endpoint();
        Message lasting = world.message().toBuilder()
                .setExpiresAtMs(System.currentTimeMillis() + OUTLASTS_STOP.toMillis())
                .build();
        MapSaver.Stored message = world.saver.store(endpoint, lasting);
        stored.computeIfAbsent(endpoint, key -> new ArrayList<>()).add(message.seq());
        Route route = world.register.route(endpoint);
        if (route != null) {
            CompletableFuture<HandOverReply> _ = world.peer()
                    .call(
                            RoomWorld.HAND_OVER,
                            RoomWorld.hintOf(message)
                                    .setMessage(message.message())
                                    .setPlace(route.getPlace())
                                    .setGeneration(route.getGeneration())
                                    .build(),
                            Deadline.after(Duration.ofSeconds(2)));
        }
    }

    private void drop() {
        try {
            anyClient().drop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertWithinLimits() throws Exception {
        for (String queue : List.of("unbinds", "acks", "loads")) {
            assertThat(world.metric("longline_room_" + queue + "_depth"))
                    .as(queue)
                    .isLessThanOrEqualTo(world.metric("longline_room_" + queue + "_limit"));
        }
        assertThat(world.metric("longline_pool_depth", "pool=\"handshake\"")).isLessThanOrEqualTo(10);
        assertThat(world.metric("longline_room_sessions")).isLessThanOrEqualTo(64);
    }

    @Test
    void allThatWaitsIsBoundedAndWhenTheyAreBackAllOfItIsDone() throws Exception {
        ScheduledExecutorService flow = Executors.newSingleThreadScheduledExecutor();
        CountDownLatch saver = world.saver.stall();
        CountDownLatch register = world.register.stall();
        var pushes = flow.scheduleAtFixedRate(this::push, 0, 10, TimeUnit.MILLISECONDS);
        var drops = flow.scheduleAtFixedRate(this::drop, 0, 100, TimeUnit.MILLISECONDS);

        // Not for the whole stop: acks of sessions that have ended are given up after a while, as their clients say
        // again what they have.
        await("acks and unbinds that wait")
                .until(() -> world.metric("longline_room_acks_depth") > 0
                        && world.metric("longline_pool_depth", "pool=\"unbind\"") > 0);
        await().pollInterval(Duration.ofMillis(500))
                .atMost(STOP.plusSeconds(60))
                .pollDelay(Duration.ofMillis(500))
                .during(STOP)
                .untilAsserted(this::assertWithinLimits);
        drops.cancel(false);
        pushes.cancel(false);
        flow.shutdown();
        assertThat(flow.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        saver.countDown();
        register.countDown();

        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(this::assertAllIsDone);
        assertWithinLimits();
    }

    private void assertAllIsDone() throws Exception {
        for (SteadyClient client : clients) {
            List<Long> sent = stored.getOrDefault(client.endpoint(), List.of());
            if (client.got().size() < sent.size() && world.register.route(client.endpoint()) != null) {
                world.hand(
                        client.endpoint(), RoomWorld.hintOf(new MapSaver.Stored(sent.getLast(), 0, world.message())));
            }
            assertThat(client.got()).as("%s", client.endpoint()).isEqualTo(sent);
            assertThat(world.saver.size(client.endpoint())).isZero();
        }
        for (String queue : List.of("unbinds", "acks", "loads")) {
            assertThat(world.metric("longline_room_" + queue + "_depth"))
                    .as(queue)
                    .isZero();
        }
        assertThat(world.metric("longline_room_sessions")).isEqualTo(CLIENTS);
    }
}
