package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.rpc.v1.BroadcastBehind;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Broadcasts of one topic that wait behind each other, and have no pace: they are sent together, and each is a job of its own all the same. */
@Timeout(120)
class BroadcastsTogetherIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final int SESSIONS = 50;
    private static final Duration SOON = Duration.ofSeconds(40);

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.jobs.interval", "100ms"));
        kit.room().broadcasts().connect(SESSIONS);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private String queue(String more) {
        Answer answer = kit.api().post("/v1/broadcasts", "{\"payload\":\"x\"" + more + "}");
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
        return answer.text("/job_id");
    }

    private JsonNode job(String id) {
        return kit.api().get("/v1/jobs/" + id).json();
    }

    private String state(String id) {
        return job(id).path("state").asText();
    }

    private JsonNode awaitState(String id, String state) {
        return await().atMost(SOON)
                .until(() -> job(id), job -> job.path("state").asText().equals(state));
    }

    private void change(String id, String state) {
        Answer changed =
                kit.api().exchange("PATCH", "/v1/jobs/" + id, BodyPublishers.ofString("{\"state\":\"" + state + "\"}"));
        assertThat(changed.status()).as("%s", changed.json()).isEqualTo(200);
    }

    /** So many that wait behind one that has a pace, of a room that has said that it sends several together, where it does. */
    private List<String> queueBehindOne(int count) {
        awaitState(queue(""), "done");
        return queueBehind(count);
    }

    /** The same, which nobody is let have yet, though the room is asked to send all of them. */
    private List<String> stuckBehindOne(int count) {
        awaitState(queue(""), "done");
        kit.room().broadcasts().stuck(true);
        List<String> jobs = queueBehind(count);
        await().atMost(SOON).until(() -> lastSend().getBehindCount() == count - 1);
        return jobs;
    }

    private List<String> queueBehind(int count) {
        String slow = queue(",\"rate_per_s\":1");
        awaitState(slow, "running");
        List<String> jobs = IntStream.range(0, count).mapToObj(_ -> queue("")).toList();
        change(slow, "cancelled");
        return jobs;
    }

    private BroadcastRequest lastSend() {
        return kit.room().broadcasts().asked(BroadcastWish.BROADCAST_SEND).getLast();
    }

    private void assertDone(String id) {
        JsonNode done = awaitState(id, "done");
        assertThat(done.get("targeted").asInt()).isEqualTo(SESSIONS);
        assertThat(done.get("sent").asInt()).isEqualTo(SESSIONS);
        assertThat(done.get("skipped").asInt()).isZero();
        assertThat(done.at("/per_room/room-1/sent").asInt()).isEqualTo(SESSIONS);
    }

    private List<Long> offsets(List<String> jobs) {
        return jobs.stream().map(id -> job(id).get("offset").asLong()).toList();
    }

    private long asked(String id) {
        return kit.room().broadcasts().asked().stream()
                .filter(one -> one.getJobId().equals(id))
                .count();
    }

    @Test
    void theyAreSentTogetherAndEachIsDoneByItself() {
        List<String> jobs = queueBehindOne(20);
        jobs.forEach(this::assertDone);

        assertThat(offsets(jobs)).isSorted().doesNotHaveDuplicates();
        assertThat(kit.saver().topics().readable("shop", "*"))
                .isEqualTo(offsets(jobs).getLast());
        int most = kit.room().broadcasts().asked().stream()
                .mapToInt(BroadcastRequest::getBehindCount)
                .max()
                .orElseThrow();
        assertThat(most).isBetween(1, 15);
        assertThat(jobs.stream().filter(id -> asked(id) == 0))
                .as("these were never asked alone")
                .isNotEmpty();
        kit.room().broadcasts().ack(SESSIONS);
        await().atMost(SOON)
                .until(() -> jobs.stream().allMatch(id -> job(id).get("acked").asInt() == SESSIONS));
    }

    @Test
    void oneThatHasAPaceOrACanaryIsSentAlone() {
        awaitState(queue(""), "done");
        String slow = queue(",\"rate_per_s\":1");
        awaitState(slow, "running");
        List<String> jobs = List.of(queue(""), queue(",\"rate_per_s\":100"), queue(""));
        String canary = queue(",\"canary_permille\":500");
        String last = queue("");
        change(slow, "cancelled");

        jobs.forEach(this::assertDone);
        awaitState(canary, "holding");
        assertThat(state(last)).isEqualTo("queued");
        assertThat(kit.room().broadcasts().asked())
                .allSatisfy(one -> assertThat(one.getBehindCount()).isZero());
        change(canary, "running");
        assertDone(last);
    }

    @Test
    void oneThatIsToRestRestsAndThoseBehindItWait() {
        List<String> jobs = stuckBehindOne(4);
        assertThat(jobs).allSatisfy(id -> assertThat(state(id)).isEqualTo("running"));

        change(jobs.get(2), "paused");
        await().atMost(SOON).until(() -> lastSend().getBehindCount() == 1);
        kit.room().broadcasts().stuck(false);
        assertDone(jobs.get(0));
        assertDone(jobs.get(1));

        await().during(Duration.ofSeconds(1))
                .until(() -> state(jobs.get(2)).equals("paused")
                        && state(jobs.get(3)).equals("queued"));
        assertThat(kit.room().broadcasts().sent(jobs.get(2))).isZero();
        assertThat(kit.room().broadcasts().sent(jobs.get(3))).isZero();
        change(jobs.get(2), "running");
        assertDone(jobs.get(2));
        assertDone(jobs.get(3));
        assertThat(offsets(jobs)).isSorted();
        assertThat(kit.saver().topics().messages("shop", "*")).as("each once").hasSize(5);
    }

    @Test
    void oneThatIsCancelledReachesNobodyAndTheOthersGoOn() {
        List<String> jobs = stuckBehindOne(3);
        long offset = job(jobs.get(1)).get("offset").asLong();

        change(jobs.get(1), "cancelled");
        await().atMost(SOON)
                .until(() -> kit.room().broadcasts().asked(BroadcastWish.BROADCAST_DROP).stream()
                        .anyMatch(one -> one.getJobId().equals(jobs.get(1))));
        assertThat(state(jobs.get(0))).as("rooms are told before that").isEqualTo("running");
        kit.room().broadcasts().stuck(false);

        assertDone(jobs.get(0));
        assertDone(jobs.get(2));
        assertThat(kit.room().broadcasts().sent(jobs.get(1))).isZero();
        assertThat(state(jobs.get(1))).isEqualTo("cancelled");
        assertThat(kit.saver().topics().removed("shop", "*")).contains(offset);
    }

    @Test
    void whenTheFirstOneIsToRestAllBehindItWait() {
        List<String> jobs = stuckBehindOne(3);
        change(jobs.getFirst(), "paused");
        await().atMost(SOON)
                .until(() -> state(jobs.get(1)).equals("queued")
                        && state(jobs.get(2)).equals("queued"));
        kit.room().broadcasts().stuck(false);
        await().during(Duration.ofMillis(500))
                .until(() -> kit.room().broadcasts().sent(jobs.get(1)) == 0);
        change(jobs.getFirst(), "running");
        jobs.forEach(this::assertDone);
    }

    @Test
    void oneOfWhichNobodyHearsHoldsUpNoOther() {
        List<String> jobs = stuckBehindOne(3);
        kit.saver().jobs().unheard(jobs.get(1), true);
        await().atMost(BroadcastHold.SAFE.minus(Cadence.LONGEST))
                .until(() -> lastSend().getBehindCount() == 0);
        kit.room().broadcasts().stuck(false);
        assertDone(jobs.get(0));
        assertThat(kit.room().broadcasts().sent(jobs.get(1))).isZero();

        kit.saver().jobs().unheard(jobs.get(1), false);
        assertDone(jobs.get(1));
        assertDone(jobs.get(2));
        assertThat(offsets(jobs)).isSorted();
        assertThat(kit.saver().topics().messages("shop", "*")).as("each once").hasSize(4);
    }

    @Test
    void theFirstOneRestsThoughNobodyHearsOfOneBehindIt() {
        List<String> jobs = stuckBehindOne(3);
        kit.saver().jobs().unheard(jobs.get(2), true);
        change(jobs.getFirst(), "paused");
        await().atMost(BroadcastHold.SAFE.minus(Cadence.LONGEST))
                .until(() -> kit.room().broadcasts().asked(BroadcastWish.BROADCAST_REST).stream()
                        .anyMatch(one -> one.getJobId().equals(jobs.getFirst())));
        kit.room().broadcasts().stuck(false);
        assertThat(kit.room().broadcasts().sent(jobs.getFirst())).isZero();

        kit.saver().jobs().unheard(jobs.get(2), false);
        change(jobs.getFirst(), "running");
        jobs.forEach(this::assertDone);
    }

    @Test
    void whenTheirCenterIsDeadAnotherTakesAllOfThem() {
        List<String> jobs = stuckBehindOne(5);
        List<Long> before = offsets(jobs);
        kit.addCenter("center-2");
        kit.saver().jobs().silence("center-1");

        await().atMost(SOON).until(() -> kit.saver().jobs().runs(jobs.getFirst()) == 2);
        kit.room().broadcasts().stuck(false);
        jobs.forEach(this::assertDone);

        assertThat(offsets(jobs)).isEqualTo(before);
        assertThat(jobs)
                .allSatisfy(id -> assertThat(kit.saver().jobs().node(id)).isEqualTo("center-2"));
        assertThat(kit.room().broadcasts().asked().stream()
                        .flatMap(one -> one.getBehindList().stream())
                        .mapToLong(BroadcastBehind::getRun)
                        .max())
                .as("together once more")
                .hasValue(2);
        assertThat(kit.saver().topics().messages("shop", "*")).as("each once").hasSize(6);
    }

    @Test
    void aRoomOfTheReleaseBeforeIsAskedForOneAfterTheOther() {
        kit.room().broadcasts().ofFormerRelease();
        List<String> jobs = queueBehindOne(4);
        jobs.forEach(this::assertDone);
        assertThat(kit.room().broadcasts().asked())
                .allSatisfy(one -> assertThat(one.getBehindCount()).isZero());
    }

    @Test
    void aRoomThatComesInTheMiddleIsAskedForTheFirstAloneUntilItIsKnown() {
        List<String> jobs = stuckBehindOne(3);
        FakeRoom late = kit.addRoom("room-2");
        late.broadcasts().connect(SESSIONS);
        late.broadcasts().stuck(true);
        await().atMost(SOON).until(() -> late.broadcasts().asked().stream().anyMatch(one -> one.getBehindCount() == 2));
        assertThat(late.broadcasts().asked().getFirst().getBehindCount()).isZero();
        assertThat(lastSend().getBehindCount())
                .as("the others are asked as before")
                .isEqualTo(2);
        assertThat(jobs).allSatisfy(id -> assertThat(state(id)).isEqualTo("running"));

        late.broadcasts().stuck(false);
        kit.room().broadcasts().stuck(false);
        jobs.forEach(
                id -> assertThat(awaitState(id, "done").get("sent").asInt()).isEqualTo(2 * SESSIONS));
    }

    @Test
    void whereOneThatComesSendsNoneTogetherTheyAreSentOneAfterTheOther() {
        List<String> jobs = stuckBehindOne(3);
        FakeRoom late = kit.addRoom("room-2");
        late.broadcasts().ofFormerRelease();
        late.broadcasts().connect(SESSIONS);
        await().atMost(SOON).until(() -> lastSend().getBehindCount() == 0);
        kit.room().broadcasts().stuck(false);

        jobs.forEach(
                id -> assertThat(awaitState(id, "done").get("sent").asInt()).isEqualTo(2 * SESSIONS));
    }

    @Test
    void aSaverOfTheReleaseBeforeGivesOneAfterTheOther() {
        kit.saver().jobs().ofFormerRelease();
        queueBehindOne(4).forEach(this::assertDone);
    }
}
