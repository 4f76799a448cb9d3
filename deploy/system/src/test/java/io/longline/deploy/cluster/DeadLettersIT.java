package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.HookServer;
import io.longline.deploy.kit.OwnHome;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.deploy.service.ThisProcess;
import io.longline.sdk.LonglineClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a back end does not take in time, through the whole cluster and back. */
final class DeadLettersIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String LETTERS = "/v1/dead-letters";

    @TempDir
    Path folder;

    private final String user = SharedCluster.fresh("sender");

    @Test
    void aBackEndThatIsWellAgainHasSentAgainWhatItDidNotTakeInTime() {
        ClusterOptions options = ClusterOptions.in(folder.resolve("data"))
                .withPorts(ClusterPorts.ANY)
                .withSettings(Map.of("coordinator.outbox.dead-after", "3s"));
        try (OwnHome _ = new OwnHome(folder.resolve("home"));
                LocalCluster cluster = new LocalCluster(options, new ThisProcess(), line -> {});
                HookServer backEnd = new HookServer()) {
            cluster.start();
            CenterApi demo = new CenterApi(cluster.center(0), TestProduct.DEMO.id(), TestProduct.DEMO.apiSecret());
            CenterApi operator = new CenterApi(cluster.center(0), "admin", DemoProduct.OPERATOR_SECRET);
            backEnd.serve(operator, demo, TestProduct.DEMO.id(), "order");
            backEnd.well(false);
            send(cluster, 5);

            await().atMost(LONG).until(() -> letters(demo).size() == 5);
            JsonNode letter = letters(demo).getFirst();
            assertThat(letter.path("reason").asText()).isEqualTo("status 503");
            assertThat(letter.path("user").asText()).isEqualTo(user);
            assertThat(letter.path("uplink_id").asText()).isNotEmpty();
            String id = letter.path("id").asText();
            assertThat(demo.get(LETTERS + "/" + id).body().path("text").asText())
                    .startsWith("n");
            assertThat(demo.exchange("DELETE", LETTERS + "/" + id, "").status()).isEqualTo(200);
            assertThat(demo.get(LETTERS + "/" + id).status()).isEqualTo(404);

            backEnd.well(true);

            await().atMost(LONG)
                    .until(
                            () -> { // one dies once more as long as the callback is left alone
                                letters(demo)
                                        .forEach(each ->
                                                retry(demo, each.path("id").asText()));
                                return backEnd.textsOf(user).size() == 4
                                        && letters(demo).isEmpty();
                            });
            assertThat(backEnd.idsOf(user)).hasSize(4).doesNotContain(id);
        }
    }

    private static void retry(CenterApi demo, String id) {
        Answer answer = demo.post(LETTERS + "/" + id + ":retry", "");
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.body().path("id").asText()).isEqualTo(id);
    }

    private static List<JsonNode> letters(CenterApi demo) {
        Answer page = demo.get(LETTERS + "?kind=uplink.order");
        assertThat(page.status()).as("%s", page.body()).isEqualTo(200);
        return List.copyOf(page.body().path("items").findParents("id"));
    }

    private void send(LocalCluster cluster, int count) {
        LonglineClient client = LonglineClient.builder()
                .dispatcher(cluster.dispatcher().toString())
                .product(TestProduct.DEMO.id())
                .user(user)
                .device("phone")
                .token(() -> TestProduct.DEMO.token(user))
                .listener(_ -> {})
                .build();
        try {
            client.start();
            List<CompletableFuture<Void>> sent = IntStream.range(0, count)
                    .mapToObj(i -> client.send("order", "n" + i))
                    .toList();
            sent.forEach(CompletableFuture::join);
        } finally {
            client.close();
        }
    }
}
