package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.OwnHome;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.deploy.service.ThisProcess;
import io.longline.keeper.product.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs through the whole cluster. */
final class JobIT {
    private static final boolean LONG = Boolean.getBoolean("longline.test.long");
    private static final int MANY = LONG ? 1_000_000 : 2_500;
    private static final Duration PATIENCE = LONG ? Duration.ofMinutes(40) : Duration.ofSeconds(20);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    @TempDir
    Path folder;

    private final String id = SharedCluster.fresh("job");
    private final String here = SharedCluster.fresh("here");
    private final String away = SharedCluster.fresh("away");

    private String list(String more, String... users) {
        return "{\"message_id\":\"%s\",\"payload\":{\"n\":1}%s}\n".formatted(id, more) + lines(List.of(users));
    }

    private static String lines(List<String> users) {
        return users.stream().map("{\"user\":\"%s\"}\n"::formatted).collect(Collectors.joining());
    }

    private static List<String> crowd(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList();
    }

    private static String jobId(Answer queued) {
        assertThat(queued.status()).as("%s", queued.body()).isEqualTo(202);
        return queued.body().get("job_id").asText();
    }

    private static JsonNode awaitState(CenterApi api, String job, String state) {
        return await().atMost(PATIENCE)
                .until(
                        () -> api.get("/v1/jobs/" + job).body(),
                        now -> now.path("state").asText().equals(state));
    }

    @Test
    void itArrivesOnceAtEachAndIsAcknowledged() {
        CenterApi api = cluster.api();
        try (JsonLink link = cluster.connect(0, here)) {
            link.frames().pushesUntilCaughtUp();
            String body = list("", here, away, here);
            String job = jobId(api.post("/v1/jobs", body));

            JsonNode push = link.frames().next("push");
            assertThat(push.get("message_id").asText()).isEqualTo(id);
            assertThat(push.get("text").asText()).isEqualTo("{\"n\":1}");
            link.ack(1, push.get("seq").asLong());
            JsonNode done = awaitState(api, job, "done");
            assertThat(done.get("sent").asInt()).isEqualTo(2);
            assertThat(done.get("skipped_reasons").toString()).isEqualTo("{\"doubled\":1}");
            await().until(() -> api.get("/v1/jobs/" + job).body().get("acked").asInt() == 1);
            try (JsonLink later = cluster.connect(1, away)) {
                assertThat(later.frames().pushesUntilCaughtUp())
                        .extracting(each -> each.get("message_id").asText())
                        .containsExactly(id);
            }
            Answer again = cluster.api(TestProduct.DEMO, 1).post("/v1/jobs", body);
            assertThat(jobId(again)).isEqualTo(job);
            assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
            assertThat(api.message(id).body().at("/job/job_id").asText()).isEqualTo(job);
            assertThat(link.frames().isEmpty()).isTrue();
        }
    }

    @Test
    void ofAListWithABadLineNobodyGetsAnything() {
        try (JsonLink link = cluster.connect(0, here)) {
            link.frames().pushesUntilCaughtUp();
            Answer refused = cluster.api()
                    .post("/v1/jobs", list("", here) + lines(crowd("crowd", 1_500)) + "{\"user\":\"a b\"}\n");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().at("/error/details/0/field").asText()).isEqualTo("line 1503: user");

            assertThat(cluster.api().post("/v1/jobs", list("", here)).status())
                    .as("the id is free")
                    .isEqualTo(202);
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(id);
        }
    }

    @Test
    void aLongListIsDealtWithAndCountsAddUp() {
        TestProduct product = cluster.product(Durability.REDIS, 64);
        CenterApi api = cluster.api(product, 0);
        String job = jobId(api.post("/v1/jobs", list("") + lines(crowd(id, MANY))));
        JsonNode done = awaitState(cluster.api(product, 1), job, "done");
        assertThat(done.get("sent").asInt() + done.get("skipped").asInt()).isEqualTo(MANY);
        assertThat(done.get("sent").asInt()).isEqualTo(MANY);
        assertThat(done.get("copies").asInt()).isEqualTo(MANY);
        assertThat(pending(api, id + "-7")).isEqualTo(1);
    }

    private static long pending(CenterApi api, String user) {
        return api.get("/v1/users/" + user + "/devices/default/pending")
                .body()
                .get("items")
                .size();
    }

    @Test
    void itRestsAtOneCenterAndIsRecalledAtAnother() {
        CenterApi other = cluster.api(TestProduct.DEMO, 1);
        String job = jobId(cluster.api().post("/v1/jobs", list(",\"rate_per_s\":10", away) + lines(crowd(id, 1_000))));
        await().until(() ->
                cluster.api().get("/v1/jobs/" + job).body().get("sent").asInt() > 0);
        Answer paused = other.exchange("PATCH", "/v1/jobs/" + job, "{\"state\":\"paused\"}");
        assertThat(paused.body().get("state").asText()).isEqualTo("paused");
        assertThat(pending(other, away)).isEqualTo(1);

        assertThat(cluster.api().recall(id).state()).isEqualTo("recalled");
        await().until(() -> pending(other, away) == 0);
        assertThat(other.exchange("PATCH", "/v1/jobs/" + job, "{\"state\":\"running\"}")
                        .reason())
                .isEqualTo("JOB_STATE_CONFLICT");
        try (JsonLink link = cluster.connect(0, away)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
        }
    }

    @Test
    void whatIsLeftWhenEverythingIsStoppedIsSentAfterwardsAndNothingTwice() {
        ClusterOptions options = ClusterOptions.in(folder.resolve("data")).withPorts(ClusterPorts.ANY);
        List<String> users = crowd(id, 60);
        try (OwnHome _ = new OwnHome(folder.resolve("home"))) {
            String job;
            try (LocalCluster before = new LocalCluster(options, new ThisProcess(), line -> {})) {
                before.start();
                job = jobId(demo(before).post("/v1/jobs", list(",\"rate_per_s\":10") + lines(users)));
                await().until(() -> sent(before, job) > 5);
                assertThat(sent(before, job)).isLessThan(60);
            }
            try (LocalCluster after = new LocalCluster(options, new ThisProcess(), line -> {})) {
                after.start();
                JsonNode done = awaitState(demo(after), job, "done");
                assertThat(done.get("sent").asInt()).isEqualTo(60);
                for (String user : List.of(users.getFirst(), users.get(30), users.getLast())) {
                    assertThat(pending(demo(after), user)).as(user).isEqualTo(1);
                }
            }
        }
    }

    private static int sent(LocalCluster of, String job) {
        return demo(of).get("/v1/jobs/" + job).body().get("sent").asInt();
    }

    private static CenterApi demo(LocalCluster of) {
        return new CenterApi(of.center(0), TestProduct.DEMO.id(), TestProduct.DEMO.apiSecret());
    }
}
