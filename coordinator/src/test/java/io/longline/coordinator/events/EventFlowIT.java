package io.longline.coordinator.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.coordinator.CoordinatorConfig;
import io.longline.coordinator.CoordinatorServer;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.life.LifeCycle;
import io.longline.rpc.v1.EndRequest;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whole coordinators on a real Redis and ZooKeeper, with rooms on real RPC servers. */
@Timeout(90)
class EventFlowIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final AtomicInteger clusters = new AtomicInteger();

    private final LifeCycle life = new LifeCycle();
    private final ZkConfig zookeeper =
            new ZkConfig(ZOOKEEPER.uri(), "it-" + clusters.incrementAndGet(), Duration.ofSeconds(6));
    private final ZkSession session = new ZkSession(zookeeper);
    private final ZkDiscovery discovery = new ZkDiscovery(session);
    private final RedisEvents events = life.add(new RedisEvents(REDIS.uri()));

    @BeforeEach
    void start() {
        life.add(session).start();
        life.add(discovery);
    }

    @AfterEach
    void stop() {
        life.close();
    }

    private CoordinatorServer coordinator(String instance) {
        return coordinator(instance, "1h");
    }

    /** @param abandonedAfter short where something is taken over; else, on a busy machine, what is nearly done is told twice */
    private CoordinatorServer coordinator(String instance, String abandonedAfter) {
        CoordinatorServer server =
                life.add(new CoordinatorServer(CoordinatorConfig.read(new ConfigReader(ConfigSource.builder()
                        .flags(Map.of(
                                "instance",
                                instance,
                                "cluster",
                                zookeeper.cluster(),
                                "zookeeper.hosts",
                                ZOOKEEPER.uri(),
                                "redis.uri",
                                REDIS.uri().toString(),
                                "coordinator.replaced.claim-every",
                                "200ms",
                                "coordinator.replaced.abandoned-after",
                                abandonedAfter,
                                "coordinator.replaced.unseen-grace",
                                "1s",
                                "coordinator.replaced.held-per-room",
                                "600"))
                        .build()))));
        server.start();
        return server;
    }

    private FakeRoom room(String instance) {
        return life.add(new FakeRoom(instance, discovery));
    }

    private void awaitAllDone() {
        await().until(() -> events.waiting() == 0);
        assertThat(events.pending()).isZero();
    }

    @Test
    void aReplacedSessionIsEndedAtItsRoomAndForgottenWhenAnswered() {
        FakeRoom room = room("room-1");
        coordinator("c1");

        events.replaced("u1", "room-1", FakeRoom.INCARNATION, 41);

        awaitAllDone();
        assertThat(room.asked()).hasSize(1);
        EndRequest asked = room.asked().getFirst();
        assertThat(asked.getCode()).isEqualTo(3501);
        assertThat(asked.getGeneration()).isEqualTo(41);
        assertThat(asked.getReason()).isNotEmpty();
        assertThat(asked.getPlace().getRoom()).isEqualTo("room-1");
        assertThat(asked.getPlace().getIncarnation()).isEqualTo(FakeRoom.INCARNATION);
        assertThat(asked.getPlace().getLoop()).isEqualTo(1);
        assertThat(asked.getPlace().getSlot()).isEqualTo(2);
        assertThat(asked.getPlace().getSlotGeneration()).isEqualTo(3);
    }

    @Test
    void theSessionOfAForgottenDeviceIsEndedForGood() {
        FakeRoom room = room("room-1");
        coordinator("c1");

        events.forgotten("u1", "room-1", FakeRoom.INCARNATION, 41);

        awaitAllDone();
        assertThat(room.asked()).hasSize(1);
        assertThat(room.asked().getFirst().getCode()).isEqualTo(3502);
        assertThat(room.asked().getFirst().getReason()).isEqualTo("the device was forgotten");
        assertThat(room.asked().getFirst().getGeneration()).isEqualTo(41);
    }

    @Test
    void aKickedSessionIsEndedForGoodAndHearsTheReason() {
        FakeRoom room = room("room-1");
        coordinator("c1");

        events.kicked("u1", "room-1", FakeRoom.INCARNATION, 41, "signed out");

        awaitAllDone();
        assertThat(room.asked()).hasSize(1);
        assertThat(room.asked().getFirst().getCode()).isEqualTo(3502);
        assertThat(room.asked().getFirst().getReason()).isEqualTo("signed out");
        assertThat(room.asked().getFirst().getGeneration()).isEqualTo(41);
    }

    @Test
    void aSessionWhoseUserFollowsOtherTopicsIsLookedAtByItsRoom() {
        FakeRoom room = room("room-1");
        coordinator("c1");

        events.follows("u1", "room-1", FakeRoom.INCARNATION, 41);

        awaitAllDone();
        assertThat(room.asked()).isEmpty();
        assertThat(room.askedToRefollow()).singleElement().satisfies(asked -> {
            assertThat(asked.getGeneration()).isEqualTo(41);
            assertThat(asked.getPlace().getRoom()).isEqualTo("room-1");
            assertThat(asked.getPlace().getIncarnation()).isEqualTo(FakeRoom.INCARNATION);
            assertThat(asked.getPlace().getLoop()).isEqualTo(1);
            assertThat(asked.getPlace().getSlot()).isEqualTo(2);
            assertThat(asked.getPlace().getSlotGeneration()).isEqualTo(3);
        });
    }

    @Test
    void aRoomThatCannotLookAtItNowIsAskedAgainAndEndsOthersMeanwhile() {
        FakeRoom room = room("room-1");
        room.refuseToRefollow(Optional.of(ErrorCode.OVERLOADED));
        coordinator("c1");
        events.follows("u1", "room-1", FakeRoom.INCARNATION, 41);
        await().until(() -> room.askedToRefollow().size() >= 2);

        events.replaced("u2", "room-1", FakeRoom.INCARNATION, 42);

        await().until(() -> room.asked().size() == 1);
        await().until(() -> events.waiting() == 1);
        room.refuseToRefollow(Optional.empty());
        awaitAllDone();
    }

    @Test
    void aRoomOfAnEarlierReleaseHasNoTopicsToLookAt() {
        FakeRoom room = room("room-1");
        room.refuseToRefollow(Optional.of(ErrorCode.METHOD_NOT_ALLOWED));
        coordinator("c1");

        events.follows("u1", "room-1", FakeRoom.INCARNATION, 41);

        awaitAllDone();
        assertThat(room.askedToRefollow()).hasSize(1);
    }

    @Test
    void whatWasNotedWhileNoCoordinatorWasThereIsCarriedOut() {
        FakeRoom room = room("room-1");
        for (int i = 0; i < 300; i++) {
            events.replaced("u" + i, "room-1", FakeRoom.INCARNATION, i);
        }

        coordinator("c1");
        awaitAllDone();
        assertThat(room.asked().stream().map(EndRequest::getGeneration).distinct())
                .hasSize(300);
    }

    @Test
    void aRoomThatDoesNotAnswerIsTriedAgain() {
        FakeRoom room = room("room-1");
        room.stop();
        coordinator("c1");
        events.replaced("u1", "room-1", FakeRoom.INCARNATION, 41);

        await().until(() -> room.asked().size() >= 2);
        assertThat(events.waiting()).isEqualTo(1);
        room.goOn();

        awaitAllDone();
    }

    @Test
    void whatBelongsToARoomThatIsGoneIsDropped() {
        FakeRoom room = room("room-1");
        coordinator("c1");

        events.replaced("u1", "room-1", FakeRoom.INCARNATION - 1, 41);
        events.replaced("u2", "never-there", 1, 42);

        awaitAllDone();
        assertThat(room.asked()).isEmpty();
    }

    @Test
    void aStartThatIsNotAnnouncedYetIsTold() {
        FakeRoom room = room("room-1");
        coordinator("c1");

        events.replaced("u1", "room-1", FakeRoom.INCARNATION + 1, 41);

        awaitAllDone();
        assertThat(room.asked()).hasSize(1);
    }

    @Test
    void aStoppedRoomThatThenDiesReleasesWhatWaitedForIt() {
        FakeRoom room = room("room-1");
        room.stop();
        coordinator("c1");
        events.replaced("u1", "room-1", FakeRoom.INCARNATION, 41);
        await().until(() -> !room.asked().isEmpty());

        room.withdraw();

        awaitAllDone();
    }

    @Test
    void whatADeadCoordinatorHeldAnotherTakesOver() {
        FakeRoom room = room("room-1");
        room.stop();
        CoordinatorServer first = coordinator("c1", "1s");
        events.replaced("u1", "room-1", FakeRoom.INCARNATION, 41);
        await().until(() -> !room.asked().isEmpty());
        first.close();
        assertThat(events.pending()).isEqualTo(1);
        room.goOn();

        coordinator("c2", "1s");
        awaitAllDone();
        assertThat(room.asked().size()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aSlowRoomDelaysNoOther() {
        FakeRoom slow = room("slow");
        FakeRoom quick = room("quick");
        slow.stop();
        coordinator("c1");
        for (int i = 0; i < 500; i++) {
            events.replaced("slow-" + i, "slow", FakeRoom.INCARNATION, i);
        }
        await().until(() -> !slow.asked().isEmpty());

        for (int i = 0; i < 50; i++) {
            events.replaced("quick-" + i, "quick", FakeRoom.INCARNATION, i);
        }

        await().until(() -> quick.asked().size() == 50); // the slow one never answers
        await().until(() -> events.waiting() == 500);
        slow.goOn();
        awaitAllDone();
    }

    @Test
    void whatAStoppedRoomCannotTakeWaitsInTheStreamsAndNotInMemory() {
        FakeRoom stopped = room("stopped");
        FakeRoom quick = room("quick");
        stopped.stop();
        CoordinatorServer server = coordinator("c1", "1s");
        for (int i = 0; i < 950; i++) {
            events.replaced("stopped-" + i, "stopped", FakeRoom.INCARNATION, i);
        }
        await().until(() -> metric(server, "longline_coordinator_replaced_rejected_total") > 0);

        events.replaced("quick", "quick", FakeRoom.INCARNATION, 1);

        await().until(() -> !quick.asked().isEmpty()); // the stopped one never answers
        assertThat(metric(server, "longline_coordinator_replaced_held")).isBetween(600.0, 600.0 + 256);
        stopped.goOn();
        awaitAllDone();
        await().until(() -> metric(server, "longline_coordinator_replaced_held") == 0);
    }

    private double metric(CoordinatorServer server, String name) {
        URI uri = URI.create("http://127.0.0.1:" + server.adminPort() + "/metrics");
        try (InputStream in = uri.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anEmptiedRedisGetsItsGroupsAgain() {
        FakeRoom room = room("room-1");
        coordinator("c1");
        events.replaced("u1", "room-1", FakeRoom.INCARNATION, 41);
        awaitAllDone();
        REDIS.store().stop();
        REDIS.store().empty();
        REDIS.store().start();

        try (RedisEvents after = new RedisEvents(REDIS.uri())) {
            after.replaced("u1", "room-1", FakeRoom.INCARNATION, 42);
            await().until(() -> room.asked().size() == 2);
            await().until(() -> after.waiting() == 0);
        }
    }

    @Test
    void whileZooKeeperIsAwayNobodyIsDeclaredGone() {
        coordinator("c1");
        events.replaced("u1", "room-1", 1, 40);
        awaitAllDone();
        ZOOKEEPER.store().stop();
        try {
            await().until(() -> !discovery.connected());
            events.replaced("u1", "room-1", FakeRoom.INCARNATION, 41);
            await().until(() -> events.pending() == 1);
            await().during(Duration.ofSeconds(2)).until(() -> events.waiting() == 1);
        } finally {
            ZOOKEEPER.store().start();
        }
        awaitAllDone();
    }
}
