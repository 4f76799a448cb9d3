package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.keeper.error.LonglineException;
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

/** Broadcasts at work: at their pace, in their order, as back ends want them to. */
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
class BroadcastRunIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

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

    private String queue(String more) {
        Answer answer = kit.api().post("/v1/broadcasts", "{\"payload\":\"x\"" + more + "}");
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
        return answer.text("/job_id");
    }

    private JsonNode job(String id) {
        return kit.api().get("/v1/jobs/" + id).json();
    }

    private JsonNode awaitState(String id, String state) {
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> job(id), job -> job.get("state").asText().equals(state));
    }

    private Answer change(String id, String body) {
        return kit.api().exchange("PATCH", "/v1/jobs/" + id, BodyPublishers.ofString(body));
    }

    private int sent(String id, FakeRoom... rooms) {
        return Stream.of(rooms).mapToInt(room -> room.broadcasts().sent(id)).sum();
    }

    private int sent(String id) {
        return sent(id, kit.room());
    }

    /** In no second that is looked at more people than that were sent it, all rooms together. */
    private static void assertNeverFaster(int perS, FakeRoom... rooms) {
        List<Long> all = Stream.of(rooms)
                .flatMap(room -> room.broadcasts().sentAtNanos().stream())
                .sorted()
                .toList();
        for (int i = perS; i < all.size(); i++) {
            assertThat(all.get(i) - all.get(i - perS))
                    .as("the %sth and the %sth of %s", i - perS, i, all.size())
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos() - 1_000_000);
        }
    }

    // ---- pace ----

    @Test
    void roomsShareThePaceAndAreNeverFasterAllTogether() {
        FakeRoom other = kit.addRoom("room-2");
        kit.room().broadcasts().connect(90);
        other.broadcasts().connect(30);

        String id = queue(",\"rate_per_s\":20");
        long began = System.nanoTime();
        JsonNode done = awaitState(id, "done");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(5));
        assertNeverFaster(20, kit.room(), other);
        assertThat(done.get("targeted").asInt()).isEqualTo(120);
        assertThat(done.get("sent").asInt()).isEqualTo(120);
        assertThat(done.at("/per_room/room-2/sent").asInt()).isEqualTo(30);
        assertThat(kit.room().broadcasts().asked().getFirst().getWish())
                .as("how many there are is asked first")
                .isEqualTo(BroadcastWish.BROADCAST_REST);
    }

    @Test
    void atAPaceBelowTheNumberOfRoomsTheyTakeTurns() {
        FakeRoom second = kit.addRoom("room-2");
        FakeRoom third = kit.addRoom("room-3");
        FakeRoom[] rooms = {kit.room(), second, third};
        for (FakeRoom room : rooms) {
            room.broadcasts().connect(1_000);
        }
        String id = queue(",\"rate_per_s\":2");

        await().atMost(Duration.ofSeconds(40)).until(() -> Stream.of(rooms).allMatch(room -> sent(id, room) > 0));
        assertNeverFaster(2, rooms);
    }

    @Test
    void aNewPaceActsWithinASecond() {
        kit.room().broadcasts().connect(100_000);
        String id = queue(",\"rate_per_s\":20");
        await().until(() -> sent(id) >= 20);
        JsonNode job = job(id);
        assertThat(job.get("rate_per_s").asInt()).isEqualTo(20);
        assertThat(job.get("eta_s").asInt()).isBetween(4_000, 5_000);

        assertThat(change(id, "{\"rate_per_s\":0}").status()).isEqualTo(200);
        awaitState(id, "done");
        assertThat(sent(id)).isEqualTo(100_000);
    }

    @Test
    void bytesASecondAreAPaceThatActsWithinASecondBesideThatInPeople() {
        kit.room().broadcasts().connect(100_000);
        String id = queue(",\"bytes_per_s\":1300"); // 65 bytes each
        await().until(() -> sent(id) >= 20);
        JsonNode job = job(id);
        assertThat(job.get("rate_per_s").asInt()).isZero();
        assertThat(job.get("bytes_per_s").asInt()).isEqualTo(1_300);
        assertThat(job.get("eta_s").asInt()).isBetween(4_000, 5_000);
        assertNeverFaster(20, kit.room());

        JsonNode slower = change(id, "{\"bytes_per_s\":650}").json();
        assertThat(slower.get("bytes_per_s").asInt()).isEqualTo(650);
        assertThat(slower.get("state").asText()).isEqualTo("running");
        awaitPace(id, 10);
        change(id, "{\"rate_per_s\":7}");
        awaitPace(id, 7);
        change(id, "{\"rate_per_s\":0,\"bytes_per_s\":0}");
        awaitState(id, "done");
        assertThat(sent(id)).isEqualTo(100_000);
        assertThat(change(id, "{\"bytes_per_s\":-1}").text("/error/details/0/field"))
                .isEqualTo("bytes_per_s");
    }

    private void awaitPace(String id, int perS) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> kit.room().broadcasts().asked(BroadcastWish.BROADCAST_SEND).stream()
                        .reduce((_, last) -> last)
                        .filter(last -> last.getJobId().equals(id) && last.getPeoplePerS() == perS)
                        .isPresent());
    }

    @Test
    void twoThatRunSideBySideShareTheGreatestPaceInBytesToo() {
        kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/shop",
                        BodyPublishers.ofString(
                                "{\"broadcasts\":{\"default_bytes_per_s\":1300,\"most_bytes_per_s\":2600}}"));
        await().until(() -> kit.products()
                .find("shop")
                .filter(product -> product.broadcasts().mostBytesPerS() == 2_600)
                .isPresent());
        kit.room().broadcasts().connect(10_000);
        String first = queue("");
        awaitPace(first, 20);
        change(first, "{\"rate_per_s\":1000}");
        awaitPace(first, 40);
        String second = queue(",\"topic\":\"*urgent\",\"bytes_per_s\":90000");
        await().atMost(Duration.ofSeconds(30)).until(() -> sent(second) >= 20);

        assertNeverFaster(40, kit.room());
        change(second, "{\"state\":\"cancelled\"}");
        awaitPace(first, 40);
        change(first, "{\"state\":\"cancelled\"}");
    }

    @Test
    void itsProductHasAUsualPaceAndAGreatestOne() {
        Answer set = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/shop",
                        BodyPublishers.ofString("{\"broadcasts\":{\"default_per_s\":500,\"most_per_s\":10}}"));
        assertThat(set.status()).isEqualTo(200);
        kit.room().broadcasts().connect(30);
        await().until(() -> kit.products()
                .find("shop")
                .filter(product -> product.broadcasts().mostPerS() == 10)
                .isPresent());
        String id = queue("");
        awaitState(id, "done");
        assertNeverFaster(10, kit.room());
    }

    @Test
    void twoThatRunSideBySideShareTheGreatestPaceOfTheirProduct() {
        kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/shop",
                        BodyPublishers.ofString("{\"broadcasts\":{\"most_per_s\":20}}"));
        kit.room().broadcasts().connect(10_000);
        String first = queue("");
        await().until(() -> sent(first) >= 20);
        String second = queue(",\"topic\":\"*urgent\"");
        await().atMost(Duration.ofSeconds(20)).until(() -> sent(second) >= 20);

        assertNeverFaster(20, kit.room());
        int before = sent(first);
        await().until(() -> sent(first) > before);
        change(second, "{\"state\":\"cancelled\"}");
        await().until(() -> kit.room().broadcasts().asked(BroadcastWish.BROADCAST_SEND).stream()
                .reduce((_, last) -> last)
                .filter(last -> last.getJobId().equals(first) && last.getPeoplePerS() == 20)
                .isPresent());
        change(first, "{\"state\":\"cancelled\"}");
    }

    // ---- what back ends want ----

    @Test
    void itRestsAndGoesOn() {
        kit.room().broadcasts().connect(200);
        String id = queue(",\"rate_per_s\":20");
        await().until(() -> sent(id) > 0);

        assertThat(change(id, "{\"state\":\"paused\"}").text("/state")).isEqualTo("paused");
        await().atMost(Duration.ofSeconds(10)).until(() -> !kit.saver().jobs().isHeld(id));
        await().during(Duration.ofSeconds(1)) // the last of them is told when the room has answered that it rests
                .until(() -> job(id).get("sent").asInt() == sent(id));
        assertThat(sent(id)).isLessThan(200);
        assertThat(kit.saver().topics().readable("shop", "*")).isZero();
        String next = queue("");
        await().during(Duration.ofMillis(500))
                .until(() -> job(next).get("state").asText().equals("queued"));

        assertThat(change(id, "{\"state\":\"running\",\"rate_per_s\":1000}").text("/state"))
                .isEqualTo("running");
        awaitState(id, "done");
        awaitState(next, "done");
        assertThat(job(next).get("offset").asLong())
                .isGreaterThan(job(id).get("offset").asLong());
        assertThat(kit.saver().jobs().runs(id)).isEqualTo(2);
    }

    @Test
    void oneThatIsCancelledReachesNobodyMoreAndTheNextOneBegins() {
        kit.room().broadcasts().connect(200);
        String id = queue(",\"rate_per_s\":20");
        String next = queue("");
        await().until(() -> sent(id) > 0);
        assertThat(job(next).get("state").asText()).isEqualTo("queued");

        Answer cancelled = change(id, "{\"state\":\"cancelled\"}");
        assertThat(cancelled.text("/state")).isEqualTo("cancelled");
        awaitState(next, "done");
        JsonNode job = job(id);
        assertThat(sent(id)).isLessThan(100).isEqualTo(job.get("sent").asInt());
        assertThat(job.get("skipped").asInt()).isEqualTo(200 - sent(id));
        assertThat(kit.saver().topics().removed("shop", "*"))
                .containsExactly(job.get("offset").asLong());
        Answer tooLate = change(id, "{\"state\":\"running\"}");
        assertThat(tooLate.text("/error/reason")).isEqualTo("JOB_STATE_CONFLICT");
    }

    @Test
    void oneThatWasNeverBegunIsPassedOver() {
        kit.room().broadcasts().connect(200);
        String first = queue(",\"rate_per_s\":20");
        awaitState(first, "running");
        String second = queue("");
        change(second, "{\"state\":\"paused\"}");
        String third = queue("");
        change(first, "{\"rate_per_s\":0}");

        awaitState(third, "done");
        assertThat(job(second).get("state").asText()).isEqualTo("paused");
        assertThat(job(second).get("offset").asLong()).isZero();
        change(second, "{\"state\":\"running\"}");
        awaitState(second, "done");
    }

    @Test
    void aCanaryHasItThenItIsHeldUntilItIsToGoOn() {
        kit.room().broadcasts().connect(1_000);
        String id = queue(",\"canary_permille\":10");

        JsonNode holding = awaitState(id, "holding");
        assertThat(holding.get("sent").asInt()).isEqualTo(10);
        assertThat(sent(id)).isEqualTo(10);
        assertThat(kit.saver().topics().readable("shop", "*")).isZero();
        assertThat(kit.api()
                        .get("/v1/messages/" + holding.get("message_id").asText())
                        .text("/status"))
                .isEqualTo("accepted");

        assertThat(change(id, "{\"canary_permille\":200}").text("/state")).isEqualTo("running");
        await().until(() -> sent(id) == 200);
        awaitState(id, "holding");
        change(id, "{\"state\":\"running\"}");
        assertThat(awaitState(id, "done").get("canary_permille").asInt()).isZero();
        assertThat(sent(id)).isEqualTo(1_000);
    }

    @Test
    void aCanaryThatIsChangedWhileItRunsIsHeeded() {
        kit.room().broadcasts().connect(1_000);
        String id = queue(",\"canary_permille\":500,\"rate_per_s\":20");
        await().until(() -> sent(id) > 0);
        change(id, "{\"canary_permille\":20,\"rate_per_s\":100}");

        awaitState(id, "holding");
        assertThat(sent(id)).isBetween(20, 150);
        change(id, "{\"state\":\"cancelled\"}");
        await().until(() -> !kit.saver().topics().removed("shop", "*").isEmpty());
        await().until(() ->
                !kit.room().broadcasts().asked(BroadcastWish.BROADCAST_DROP).isEmpty());
        awaitState(queue(""), "done");
    }

    @Test
    void whenItsTimeIsOverItIsCancelledByItself() {
        kit.room().broadcasts().connect(1_000);
        String id = queue(",\"rate_per_s\":5,\"options\":{\"ttl_s\":3}");

        JsonNode cancelled = awaitState(id, "cancelled");
        assertThat(cancelled.get("reason").asText()).isEqualTo("ttl");
        assertThat(cancelled.get("sent").asInt()).isBetween(1, 25);
        await().until(() -> !kit.saver().topics().removed("shop", "*").isEmpty());
    }

    @Test
    void aListHasNoCanary() {
        String list = kit.api()
                .post("/v1/jobs", "{\"payload\":\"x\",\"rate_per_s\":1}\n{\"user\":\"a\"}\n{\"user\":\"b\"}\n")
                .text("/job_id");

        Answer refused = change(list, "{\"canary_permille\":10}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/details/0/field")).isEqualTo("canary_permille");
        assertThat(change(queue(",\"rate_per_s\":1"), "{\"canary_permille\":1001}")
                        .status())
                .isEqualTo(400);
    }

    // ---- what is told ----

    @Test
    void acksThatComeLaterAreToldOf() {
        kit.room().broadcasts().connect(10);
        kit.room().broadcasts().slow(4);
        String id = queue("");
        JsonNode done = awaitState(id, "done");
        assertThat(done.get("sent").asInt()).isEqualTo(6);
        assertThat(done.get("skipped").asInt()).isEqualTo(4);

        kit.room().broadcasts().slow(0);
        kit.room().broadcasts().ack(9);
        await().atMost(Duration.ofSeconds(10)).until(() -> job(id).get("acked").asInt() == 9);
        assertThat(job(id).get("sent").asInt()).isEqualTo(10);
        assertThat(job(id).get("skipped").asInt()).isZero();
    }

    @Test
    void whileTheLogIsAwayItWaitsAndSaysSo() {
        kit.room().broadcasts().connect(10);
        kit.saver().topics().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        String id = queue("");
        await().until(() -> job(id).path("reason").asText().equals("DEPENDENCY_DOWN"));
        assertThat(job(id).get("state").asText()).isEqualTo("running");
        kit.saver().topics().fail(null);

        JsonNode done = awaitState(id, "done");
        assertThat(done.has("reason")).isFalse();
        assertThat(kit.saver().topics().messages("shop", "*")).hasSize(1);
    }

    @Test
    void oneOfADayAgoIsNotAppendedASecondTimeWhenItGoesOn() {
        kit.room().broadcasts().connect(1_000);
        String id = queue(",\"canary_permille\":10");
        awaitState(id, "holding");
        kit.saver().topics().forgetIds();
        change(id, "{\"state\":\"running\"}");
        awaitState(id, "done");

        assertThat(kit.saver().topics().messages("shop", "*")).hasSize(1);
        BroadcastRequest last =
                kit.room().broadcasts().asked(BroadcastWish.BROADCAST_SEND).getLast();
        assertThat(last.getMessage())
                .isEqualTo(kit.saver().topics().messages("shop", "*").getFirst());
        assertThat(last.hasBefore()).as("nobody knows").isFalse();
    }
}
