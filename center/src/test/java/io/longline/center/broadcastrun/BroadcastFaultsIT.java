package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.CenterServer;
import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Broadcasts whose centers and rooms come, go, and fall silent. */
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
class BroadcastFaultsIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final int PER_S = 40;

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.jobs.interval", "100ms"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private String queue() {
        Answer answer = kit.api()
                .post("/v1/broadcasts", "{\"payload\":\"x\",\"message_id\":\"b-1\",\"rate_per_s\":" + PER_S + "}");
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
        return answer.text("/job_id");
    }

    private static JsonNode awaitState(Api api, String id, String state) {
        return await().atMost(Duration.ofSeconds(40))
                .until(
                        () -> api.get("/v1/jobs/" + id).json(),
                        job -> job.path("state").asText().equals(state));
    }

    private static void assertNeverFaster(FakeRoom... rooms) {
        List<Long> all = Stream.of(rooms)
                .flatMap(room -> room.broadcasts().sentAtNanos().stream())
                .sorted()
                .toList();
        for (int i = PER_S; i < all.size(); i++) {
            assertThat(all.get(i) - all.get(i - PER_S))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos() - 1_000_000);
        }
    }

    private int sent(String id) {
        return kit.room().broadcasts().sent(id);
    }

    @Test
    void whenItsCenterEndsAnotherGoesOnAtOnce() {
        kit.room().broadcasts().connect(200);
        String id = queue();
        await().until(() -> sent(id) > 0);
        CenterServer other = kit.addCenter("center-2");
        kit.center().close();

        JsonNode done = awaitState(kit.api(other, "shop"), id, "done");
        assertThat(kit.saver().jobs().runs(id)).isEqualTo(2);
        assertThat(done.get("sent").asInt()).isEqualTo(200);
        assertThat(kit.saver().topics().messages("shop", "*")).hasSize(1);
        assertNeverFaster(kit.room());
    }

    @Test
    void whenItsCenterIsDeadAnotherGoesOnAndIsNoFasterForIt() {
        kit.room().broadcasts().connect(300);
        String id = queue();
        await().until(() -> sent(id) > 0);
        kit.addCenter("center-2");
        kit.saver().jobs().silence("center-1");

        await().atMost(Duration.ofSeconds(20)).until(() -> kit.saver().jobs().runs(id) == 2);
        int had = sent(id);
        assertThat(had).as("nobody is asked on behalf of the dead").isLessThan(250);
        awaitState(kit.api(), id, "done");
        assertThat(kit.saver().jobs().node(id)).isEqualTo("center-2");
        assertThat(kit.saver().topics().messages("shop", "*")).hasSize(1);
        assertNeverFaster(kit.room());
    }

    @Test
    void ofTwoThatTakeItForTheirsTheLaterOneIsHeeded() {
        kit.saver().jobs().leaseAtMost(Duration.ofMillis(50));
        kit.room().broadcasts().connect(200);
        kit.addCenter("center-2");
        String id = queue();
        await().until(() -> kit.saver().jobs().runs(id) >= 2);
        kit.saver().jobs().leaseAtMost(Duration.ofMinutes(1));

        awaitState(kit.api(), id, "done");
        List<BroadcastRequest> asked = kit.room().broadcasts().asked();
        assertThat(asked.getLast().getRun()).isEqualTo(kit.saver().jobs().runs(id));
        assertThat(kit.saver().topics().messages("shop", "*")).hasSize(1);
        assertNeverFaster(kit.room());
    }

    @Test
    void aRoomThatDoesNotAnswerHoldsUpTheEndAndNoOtherRoom() {
        FakeRoom stopped = kit.addRoom("room-2");
        kit.room().broadcasts().connect(60);
        stopped.broadcasts().connect(20);
        stopped.stop();
        String id = queue();

        await().atMost(Duration.ofSeconds(20)).until(() -> sent(id) == 60);
        await().during(Duration.ofSeconds(3))
                .until(() -> kit.api().get("/v1/jobs/" + id).text("/state").equals("running"));
        assertThat(kit.saver().topics().readable("shop", "*")).isZero();
        stopped.goOn();

        JsonNode done = awaitState(kit.api(), id, "done");
        assertThat(done.get("sent").asInt()).isEqualTo(80);
        assertNeverFaster(kit.room(), stopped);
    }

    @Test
    void orUntilItIsAMemberNoMore() {
        FakeRoom stopped = kit.addRoom("room-2");
        kit.room().broadcasts().connect(20);
        stopped.broadcasts().connect(1_000);
        String id = queue();
        await().until(() -> kit.api()
                        .get("/v1/jobs/" + id)
                        .json()
                        .at("/per_room/room-2/sent")
                        .asInt()
                > 0);
        stopped.stop();
        await().atMost(Duration.ofSeconds(20)).until(() -> sent(id) == 20);
        kit.withdraw("room-2");

        JsonNode done = awaitState(kit.api(), id, "done");
        assertThat(done.at("/per_room/room-2/left").asInt()).isZero();
        assertThat(done.at("/per_room/room-2/sent").asInt()).isPositive();
        assertThat(done.get("skipped").asInt()).isPositive();
    }

    @Test
    void aRoomThatJoinsHasItsPart() {
        kit.room().broadcasts().connect(400);
        String id = queue();
        await().until(() -> sent(id) > 0);
        FakeRoom late = kit.addRoom("room-2");
        late.broadcasts().connect(100);

        JsonNode done = awaitState(kit.api(), id, "done");
        assertThat(done.at("/per_room/room-2/sent").asInt()).isEqualTo(100);
        assertThat(done.get("sent").asInt()).isEqualTo(500);
        assertNeverFaster(kit.room(), late);
    }

    @Test
    void whoConnectsInTheMiddleIsCountedInAndTheRoomIsAskedAgain() {
        kit.room().broadcasts().connect(80);
        String id = queue();
        await().until(() -> sent(id) > 0);
        kit.room().broadcasts().connect(120);

        assertThat(awaitState(kit.api(), id, "done").get("targeted").asInt()).isEqualTo(120);
        assertThat(kit.room().broadcasts().asked(BroadcastWish.BROADCAST_OVER)).isNotEmpty();
        assertNeverFaster(kit.room());
    }

    @Test
    void aCancelledOneWhoseCenterIsDeadIsTakenOutOfTheLogByAnother() {
        kit.room().broadcasts().connect(1_000);
        String id = queue();
        await().until(() -> sent(id) > 0);
        kit.addCenter("center-2");
        kit.saver().jobs().silence("center-1");
        kit.api().exchange("PATCH", "/v1/jobs/" + id, BodyPublishers.ofString("{\"state\":\"cancelled\"}"));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> !kit.saver().topics().removed("shop", "*").isEmpty());
        assertThat(kit.saver().topics().messages("shop", "*")).isEmpty();
        Answer next = kit.api().post("/v1/broadcasts", "{\"payload\":\"y\"}");
        awaitState(kit.api(), next.text("/job_id"), "done");
    }
}
