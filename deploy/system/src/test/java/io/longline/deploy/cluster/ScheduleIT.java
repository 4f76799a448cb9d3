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
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code send_at_ms}, through the whole cluster. */
final class ScheduleIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    @TempDir
    Path folder;

    private final String user = SharedCluster.fresh("later");

    private static String at(long sendAtMs) {
        return "{\"send_at_ms\":%d}".formatted(sendAtMs);
    }

    private static long in(long ms) {
        return System.currentTimeMillis() + ms;
    }

    @Test
    void itArrivesWhenItIsDueOnce() {
        try (JsonLink link = cluster.connect(0, user)) {
            link.frames().pushesUntilCaughtUp();
            long due = in(2000);
            Answer scheduled = cluster.api().push(user, "later", at(due));
            Answer now = cluster.api().push(user, "now");
            assertThat(scheduled.status()).isEqualTo(202);
            assertThat(scheduled.state()).isEqualTo("scheduled");
            assertThat(scheduled.result().has("device")).isFalse();

            JsonNode first = link.frames().next("push");
            assertThat(first.get("message_id").asText()).isEqualTo(now.messageId());
            JsonNode second = link.frames().next("push");
            assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(due);
            assertThat(second.get("message_id").asText()).isEqualTo(scheduled.messageId());
            assertThat(second.get("seq").asLong())
                    .isGreaterThan(first.get("seq").asLong());
            link.ack(1, second.get("seq").asLong());
            await().until(() ->
                    cluster.api().message(scheduled.messageId()).state().equals("acked"));
            assertThat(cluster.api()
                            .get("/v1/messages/" + scheduled.messageId() + "/timeline")
                            .body()
                            .findValuesAsText("stage"))
                    .containsExactly("accepted", "scheduled", "stored", "routed", "written", "acked");
            assertThat(cluster.api()
                            .message(scheduled.messageId())
                            .result()
                            .get("device")
                            .asText())
                    .isEqualTo("phone");
        }
    }

    @Test
    void whatIsRecalledBeforeItIsDueNobodyGets() {
        long due = in(2500);
        Answer recalled = cluster.api().push(user, "recalled", at(due));
        Answer stays = cluster.api().push(user, "stays", at(due));

        Answer answer = cluster.api(TestProduct.DEMO, 1).recall(recalled.messageId());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.state()).isEqualTo("recalled");
        await().until(() -> cluster.api().message(stays.messageId()).state().equals("stored"));
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp())
                    .extracting(push -> push.get("message_id").asText())
                    .containsExactly(stays.messageId());
        }
        assertThat(cluster.api().message(recalled.messageId()).body()).isEqualTo(answer.body());
    }

    @Test
    void aRepeatedIdIsOneMessageBeforeAndAfterItIsDue() {
        String id = SharedCluster.fresh("once");
        String options = at(in(2000));
        Answer first = cluster.api().pushWithId(id, user, "once", options);
        Answer again = cluster.api(TestProduct.DEMO, 1).pushWithId(id, user, "once", options);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
        await().until(() -> cluster.api().message(id).state().equals("stored"));

        Answer later = cluster.api().pushWithId(id, user, "once", options);
        assertThat(later.state()).isEqualTo("stored");
        try (JsonLink link = cluster.connect(1, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).hasSize(1);
        }
    }

    @Test
    void whatWasDueWhileEverythingWasStoppedIsSentAfterwards() {
        ClusterOptions options = ClusterOptions.in(folder.resolve("data")).withPorts(ClusterPorts.ANY);
        List<String> ids = List.of(SharedCluster.fresh("due"), SharedCluster.fresh("recalled"));
        try (OwnHome _ = new OwnHome(folder.resolve("home"))) {
            long due;
            try (LocalCluster before = new LocalCluster(options, new ThisProcess(), line -> {})) {
                before.start();
                due = in(3000);
                for (String id : ids) {
                    assertThat(demo(before)
                                    .pushWithId(id, user, "later", at(due))
                                    .state())
                            .isEqualTo("scheduled");
                }
                assertThat(demo(before).recall(ids.getLast()).state()).isEqualTo("recalled");
            }
            await().until(() -> System.currentTimeMillis() > due);
            try (LocalCluster after = new LocalCluster(options, new ThisProcess(), line -> {})) {
                after.start();
                await().until(() -> demo(after).message(ids.getFirst()).state().equals("stored"));
                assertThat(demo(after).message(ids.getLast()).state()).isEqualTo("recalled");
                try (JsonLink link = JsonLink.bound(after.room(0), TestProduct.DEMO, user, "phone")) {
                    assertThat(link.frames().pushesUntilCaughtUp())
                            .extracting(push -> push.get("message_id").asText())
                            .containsExactly(ids.getFirst());
                }
            }
        }
    }

    private static CenterApi demo(LocalCluster of) {
        return new CenterApi(of.center(0), TestProduct.DEMO.id(), TestProduct.DEMO.apiSecret());
    }
}
