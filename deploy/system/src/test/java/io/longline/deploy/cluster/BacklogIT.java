package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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

/**
 * A callback that is down while five times as much is sent as fits into Redis, through the whole cluster and MySQL and back. Some hundred
 * events of a client here, 20,480 with {@code -Plong}.
 */
final class BacklogIT {
    private static final boolean IS_LONG = Boolean.getBoolean("longline.test.long");
    private static final int IN_REDIS = IS_LONG ? 4_096 : 64;
    private static final int SENT = 5 * IN_REDIS;
    private static final int AT_ONCE = 32;
    private static final Duration LONG = Duration.ofSeconds(IS_LONG ? 600 : 90);

    @TempDir
    Path folder;

    private final String user = SharedCluster.fresh("sender");

    @Test
    void whatABackEndThatIsDownDoesNotTakeArrivesInOrderWhenItIsWellAgain() {
        ClusterOptions options = ClusterOptions.in(folder.resolve("data"))
                .withPorts(ClusterPorts.ANY)
                .withSettings(Map.of(
                        "coordinator.outbox.waiting-per-stream",
                        Integer.toString(IN_REDIS),
                        "coordinator.outbox.waiting-per-endpoint",
                        "100000",
                        "coordinator.outbox.most-retry",
                        "2s"));
        try (OwnHome _ = new OwnHome(folder.resolve("home"));
                LocalCluster cluster = new LocalCluster(options, new ThisProcess(), line -> {});
                HookServer backEnd = new HookServer()) {
            cluster.start();
            CenterApi demo = new CenterApi(cluster.center(0), TestProduct.DEMO.id(), TestProduct.DEMO.apiSecret());
            CenterApi operator = new CenterApi(cluster.center(0), "admin", DemoProduct.OPERATOR_SECRET);
            backEnd.serve(operator, demo, TestProduct.DEMO.id(), "order");
            backEnd.well(false);
            send(cluster);
            assertThat(waiting(demo)).isEqualTo(SENT);

            backEnd.well(true);

            List<String> all = IntStream.range(0, SENT).mapToObj(i -> "n" + i).toList();
            await().atMost(LONG).until(() -> backEnd.textsOf(user).size() >= SENT);
            assertThat(backEnd.textsOf(user).stream().distinct()).isEqualTo(all);
            await().atMost(LONG).until(() -> waiting(demo) == 0);
        }
    }

    /** Of orders; more than Redis has room for. */
    private static long waiting(CenterApi demo) {
        JsonNode body = demo.get("/v1/uplinks").body();
        return body.findParents("type").stream()
                .filter(type -> type.path("type").asText().equals("order"))
                .mapToLong(type -> type.path("waiting").asLong())
                .sum();
    }

    private void send(LocalCluster cluster) {
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
            for (int from = 0; from < SENT; from += AT_ONCE) {
                List<CompletableFuture<Void>> sent = IntStream.range(from, from + AT_ONCE)
                        .mapToObj(i -> client.send("order", "n" + i))
                        .toList();
                sent.forEach(CompletableFuture::join);
            }
        } finally {
            client.close();
        }
    }
}
