package io.longline.center.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.center.CenterMetrics;
import io.longline.center.CenterServer;
import io.longline.center.clock.StoreClock;
import io.longline.center.clock.TimeClient;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.ReachRequest;
import io.longline.rpc.v1.ToldRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rooms that may not have heard of what was sent to a topic. */
@Timeout(60)
class TopicRoundIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = kit("1h");
    }

    private static CenterKit kit(String interval) {
        return new CenterKit(
                ZOOKEEPER.uri(),
                Map.of(
                        "center.sweep.interval", "1h",
                        "center.topics.interval", interval,
                        "center.topics.older-than", "200ms"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    /** Is lost when it was asked so many times. */
    private static final class ShortLease implements Lease {
        private final AtomicInteger left;

        private ShortLease(int looks) {
            left = new AtomicInteger(looks);
        }

        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public boolean valid() {
            return left.getAndDecrement() > 0;
        }

        @Override
        public void close() {
            left.set(0);
        }
    }

    private TopicRound round(Duration olderThan) {
        CenterMetrics metrics = new CenterMetrics(new SimpleMeterRegistry());
        Peers savers = kit.peers("saver");
        return new TopicRound(
                new UntoldClient(savers),
                new TopicClient(savers, "center-1"),
                new ReachClient(kit.peers("room"), 100, metrics),
                new StoreClock(new TimeClient(savers), InstantSource.system(), _ -> {}),
                olderThan,
                metrics);
    }

    /** A step that takes more than its time is broken off, and the next round does it. */
    private static void runOnce(TopicRound round) {
        await().ignoreException(LonglineException.class).until(() -> {
            round.run(new ShortLease(1000));
            return true;
        });
    }

    private long send(String topic) {
        Answer sent = kit.api().post("/v1/topics/" + topic + ":send", "{\"payload\":\"x\"}");
        assertThat(sent.status()).isEqualTo(202);
        return sent.json().get("offset").asLong();
    }

    private boolean isUntold() {
        return kit.saver().topics().isUntold("shop", "news");
    }

    @Test
    void everyRoomIsToldWithoutTheMessageAndThenTheTopicIsToldToAll() {
        FakeRoom other = kit.addRoom("room-2");
        long offset = send("news");
        kit.room().reached().clear();
        other.reached().clear();
        TopicRound round = round(Duration.ZERO);

        await().until(() -> {
            runOnce(round);
            return !isUntold();
        });

        for (FakeRoom room : new FakeRoom[] {kit.room(), other}) {
            ReachRequest told = room.reached().getFirst();
            assertThat(told.hasMessage()).isFalse();
            assertThat(told.getBefore()).isZero();
            assertThat(told.getOffset()).isEqualTo(offset);
        }
        ToldRequest all = kit.saver().topics().told().getLast();
        assertThat(all.getAll()).isTrue();
        assertThat(all.getUpto()).isEqualTo(offset);
    }

    @Test
    void aRoomThatDoesNotAnswerLeavesItUntoldAndTheOthersAreNotToldAgain() {
        FakeRoom stopped = kit.addRoom("room-2");
        stopped.stop();
        send("news");
        kit.room().reached().clear();
        TopicRound round = round(Duration.ZERO);
        await().until(() -> {
            runOnce(round);
            return !kit.room().reached().isEmpty();
        });

        runOnce(round);
        runOnce(round);

        assertThat(isUntold()).isTrue();
        assertThat(kit.room().reached()).hasSize(1);
        stopped.goOn();
        await().until(() -> {
            runOnce(round);
            return !isUntold();
        });
        assertThat(kit.room().reached()).hasSize(1);
    }

    @Test
    void whatIsYoungIsLeftToWhoSentIt() {
        send("news");
        kit.room().reached().clear();
        TopicRound round = round(Duration.ofMinutes(1));

        runOnce(round);

        assertThat(kit.room().reached()).isEmpty();
        assertThat(isUntold()).isTrue();
    }

    @Test
    void aTopicThatIsSentToAllTheTimeIsToldToAllUpToWhatIsOldEnough() {
        long first = send("news");
        AtomicLong last = new AtomicLong();
        TopicRound round = round(Duration.ofMillis(700));
        await().until(() -> {
            last.set(send("news"));
            runOnce(round);
            return kit.saver().topics().told().stream().anyMatch(ToldRequest::getAll);
        });

        ToldRequest all = kit.saver().topics().told().stream()
                .filter(ToldRequest::getAll)
                .findFirst()
                .orElseThrow();
        assertThat(all.getUpto()).isGreaterThanOrEqualTo(first);
        assertThat(isUntold())
                .as("there is more, unless a round took so long that the last one was old then")
                .isEqualTo(all.getUpto() < last.get());
    }

    @Test
    void withoutTheLeaseNobodyIsTold() {
        send("news");
        kit.room().reached().clear();
        TopicRound round = round(Duration.ZERO);

        for (int looks : new int[] {0, 1}) {
            await().ignoreException(LonglineException.class).until(() -> {
                round.run(new ShortLease(looks));
                return true;
            });
        }

        assertThat(kit.room().reached()).isEmpty();
        assertThat(isUntold()).isTrue();
    }

    @Test
    void aRoundThatSaverDoesNotAnswerFailsSoThatAnotherCenterTries() {
        kit.saver().topics().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        TopicRound round = round(Duration.ZERO);

        assertThatThrownBy(() -> round.run(new ShortLease(1000)))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("Redis is away");
    }

    @Test
    void whatNoRoomHeardWhenItWasSentTheyHearSoonAndTheJobIsDone() {
        kit.close();
        kit = kit("100ms");
        kit.saver().topics().publishUnheard(1);
        String body = "{\"message_id\":\"m-1\",\"payload\":\"x\"}";
        assertThat(kit.api().post("/v1/topics/news:send", body).status()).isEqualTo(503);

        await().until(() -> !kit.room().reached().isEmpty());

        assertThat(kit.room().reached().getFirst().hasMessage()).isFalse();
        String job = "/v1/jobs/" + kit.api().post("/v1/topics/news:send", body).text("/job_id");
        await().until(() -> kit.api().get(job).text("/state").equals("done"));
    }

    @Test
    void whenTheCenterThatGoesRoundEndsAnotherDoes() {
        kit.close();
        kit = kit("100ms");
        CenterServer other = kit.addCenter("center-2");
        kit.center().close();

        Answer sent = kit.api(other, "shop").post("/v1/topics/news:send", "{\"payload\":\"x\"}");

        await().until(() -> kit.api(other, "shop")
                .get("/v1/jobs/" + sent.text("/job_id"))
                .text("/state")
                .equals("done"));
    }
}
