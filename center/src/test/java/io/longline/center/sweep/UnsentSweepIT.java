package io.longline.center.sweep;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.CenterServer;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class UnsentSweepIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(5);

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of());
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer send(Endpoint to) {
        return kit.api()
                .send("{\"target\":{\"user\":\"" + to.getUser() + "\",\"device\":\"" + to.getDevice()
                        + "\"},\"payload\":\"x\"}");
    }

    @Test
    void aLostHintIsMadeGoodSoonAfterTwoSeconds() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().rebuilding(true);
        Answer sent = send(PHONE);
        assertThat(kit.room().handed()).isEmpty();
        kit.register().rebuilding(false);

        await().until(() -> !kit.room().handed().isEmpty());

        HandOverRequest hint = kit.room().handed().getFirst();
        assertThat(hint.hasMessage()).isFalse();
        assertThat(hint.getGeneration()).isEqualTo(11);
        assertThat(hint.getSeq()).isEqualTo(sent.json().at("/results/0/seq").asLong());
        await().until(() -> !kit.saver().isUnsent(PHONE));
    }

    @Test
    void whoHasGoneOfflineIsNoLongerUnsent() {
        kit.register().rebuilding(true);
        send(PHONE);
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
        kit.register().rebuilding(false);

        await().until(() -> !kit.saver().isUnsent(PHONE));
        assertThat(kit.saver().inboxOf(PHONE)).hasSize(1);
    }

    @Test
    void aRoomThatStaysStaleIsAskedAgainAndAgain() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.room().answer(HandOverResult.HAND_OVER_STALE);
        send(PHONE);

        await().until(() -> kit.room().handed().size() >= 5);
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
        kit.room().answer(HandOverResult.HAND_OVER_QUEUED);
        await().until(() -> !kit.saver().isUnsent(PHONE));
    }

    /** Users of one shard. */
    private static Stream<String> users(int shard) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "stuck-" + i)
                .filter(user -> Shards.of("shop", user) == shard);
    }

    @Test
    void howeverManyWaitForAStoppedRoomTheNewestOfTheShardIsFoundToo() throws Exception {
        FakeRoom stopped = kit.addRoom("room-2");
        stopped.stop();
        kit.register().rebuilding(true);
        int shard = Shards.of("shop", "u1");
        try (ExecutorService others = Executors.newFixedThreadPool(20)) {
            users(shard).limit(UnsentClient.PAGE + 100L).forEach(user -> {
                kit.register().connect(endpoint(user, "phone"), stopped, 1);
                others.execute(() -> send(endpoint(user, "phone")));
            });
        }
        kit.register().connect(PHONE, kit.room(), 11);

        Duration took = Duration.ofDays(1);
        for (int tries = 0;
                tries < 3 && took.compareTo(FOUND_WITHIN) >= 0;
                tries++) { // the machine may stand still meanwhile
            took = handedOver();
        }

        assertThat(took).isLessThan(FOUND_WITHIN);
    }

    /** How long after it was sent; nobody knows where anybody is until then. */
    private Duration handedOver() {
        kit.register().rebuilding(true);
        kit.room().handed().clear();
        send(PHONE);
        long sent = System.nanoTime();
        kit.register().rebuilding(false);
        await().until(() -> !kit.room().handed().isEmpty());
        Duration took = Duration.ofNanos(System.nanoTime() - sent);
        await().until(() -> !kit.saver().isUnsent(PHONE));
        return took;
    }

    @Test
    void whenTheCenterThatSweepsEndsAnotherDoes() {
        CenterServer other = kit.addCenter("center-2");
        kit.center().close();
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().rebuilding(true);
        kit.api(other, "shop").send("{\"target\":{\"user\":\"u1\",\"device\":\"phone\"},\"payload\":\"x\"}");
        kit.register().rebuilding(false);

        await().until(() -> !kit.saver().isUnsent(PHONE));
        assertThat(kit.room().handed()).isNotEmpty();
    }

    @Test
    void aRoomThatDoesNotAnswerDelaysNoOther() {
        FakeRoom stopped = kit.addRoom("room-2");
        stopped.stop();
        kit.register().rebuilding(true);
        for (int i = 0; i < 300; i++) {
            Endpoint stuck = endpoint("stuck-" + i, "phone");
            kit.register().connect(stuck, stopped, 1);
            send(stuck);
        }
        kit.register().connect(PHONE, kit.room(), 11);
        send(PHONE);
        kit.register().rebuilding(false);

        await().until(() -> !kit.room().handed().isEmpty());
        await().until(() -> !kit.saver().isUnsent(PHONE));
        assertThat(kit.saver().isUnsent(endpoint("stuck-1", "phone"))).isTrue();
        stopped.goOn();
        await().until(() -> !kit.saver().isUnsent(endpoint("stuck-299", "phone")));
    }
}
