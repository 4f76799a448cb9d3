package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 9, time to live and recall: they hold in the inbox and in what waits for a window. */
final class Promise09TimeToLiveAndRecallIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("brief");

    @Test
    void nowOrNeverIsWrittenToWhoIsThereAndDroppedForWhoIsNot() {
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            Answer answer = cluster.api().push(user, "now", "{\"ttl_s\":0}");
            assertThat(answer.state()).isEqualTo("written");
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("now");
            link.ack(1, answer.result().get("seq").asLong());
        }
        await().until(() -> !cluster.api().user(user).body().get("online").asBoolean());

        Answer never = cluster.api().push(user, "never", "{\"ttl_s\":0}");

        assertThat(never.status()).isEqualTo(200);
        assertThat(never.result().get("status").asText()).isEqualTo("dropped");
        assertThat(never.result().get("reason").asText()).isEqualTo("offline");
        assertThat(cluster.api().message(never.messageId()).state()).isEqualTo("dropped");
        try (JsonLink link = cluster.connect(1, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
        }
    }

    @Test
    void whatWaitsDoesNotGiveWayToWhatIsForNowOrNever() {
        cluster.api().push(user, "waits", "{\"collapse_key\":\"k\"}");

        Answer never = cluster.api().push(user, "never", "{\"collapse_key\":\"k\",\"ttl_s\":0}");

        assertThat(never.result().get("status").asText()).isEqualTo("dropped");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp())
                    .extracting(push -> push.get("text").asText())
                    .containsExactly("waits");
        }
    }

    @Test
    void whatExpiredInTheInboxIsNeverSent() {
        Answer brief = cluster.api().push(user, "brief", "{\"ttl_s\":1}");
        Answer lasting = cluster.api().push(user, "lasting");
        assertThat(brief.state()).isEqualTo("stored");
        await().until(() -> cluster.api().message(brief.messageId()).state().equals("expired"));
        try (JsonLink link = cluster.connect(0, user)) {
            List<JsonNode> pushes = link.frames().pushesUntilCaughtUp();
            assertThat(pushes).hasSize(1);
            assertThat(pushes.getFirst().get("message_id").asText()).isEqualTo(lasting.messageId());
        }
        assertThat(cluster.api().message(brief.messageId()).state()).isEqualTo("expired");
    }

    @Test
    void whatIsRecalledIsNeverSentAndAnswersSoFromThenOn() {
        Answer recalled = cluster.api().push(user, "recalled", "{\"collapse_key\":\"k\"}");
        Answer stays = cluster.api().push(user, "stays");

        Answer answer = cluster.api().recall(recalled.messageId());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.state()).isEqualTo("recalled");
        assertThat(cluster.api().message(recalled.messageId()).body()).isEqualTo(answer.body());
        assertThat(cluster.api().recall(recalled.messageId()).body()).isEqualTo(answer.body());
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp())
                    .extracting(push -> push.get("message_id").asText())
                    .containsExactly(stays.messageId());
            link.ack(1, stays.result().get("seq").asLong());
            await().until(() -> cluster.api().message(stays.messageId()).state().equals("acked"));
        }
        assertThat(cluster.api().recall(stays.messageId()).state()).isEqualTo("acked");
        assertThat(cluster.api().message(recalled.messageId()).state()).isEqualTo("recalled");
    }

    @Test
    void whatASessionHasReadIsNotRecalledAndGivesWayWhereItWouldBeWrittenAgain() {
        Answer sent = cluster.api().push(user, "sent", "{\"collapse_key\":\"k\"}");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).hasSize(1);
        }
        assertThat(cluster.api().recall(sent.messageId()).state()).isEqualTo("written");
        await().until(() -> !cluster.api().user(user).body().get("online").asBoolean());
        Answer newer = cluster.api().push(user, "newer", "{\"collapse_key\":\"k\"}");

        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp())
                    .extracting(push -> push.get("message_id").asText())
                    .containsExactly(newer.messageId());
        }
        await().until(() -> cluster.api().message(sent.messageId()).state().equals("collapsed"));
    }

    @Test
    void aRepeatedIdDoesNotUndoItsRecall() {
        String id = user + "-recalled";
        cluster.api().pushWithId(id, user, "once", "{}");
        cluster.api().recall(id);

        Answer again = cluster.api().pushWithId(id, user, "once", "{}");

        assertThat(again.state()).isEqualTo("recalled");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
        }
    }

    @Test
    void whatIsRecalledWhileTheWindowIsClosedIsNeverSentAndWhatWasWrittenStaysSo() {
        TestProduct product = cluster.product(Durability.MYSQL, 1);
        try (JsonLink link = cluster.connect(0, product, user, "phone")) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            Answer first = cluster.api(product, 0).push(user, "fills the window");
            Answer recalled = cluster.api(product, 0).push(user, "recalled");
            Answer last = cluster.api(product, 0).push(user, "lasting");
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(first.messageId());

            assertThat(cluster.api(product, 0).recall(recalled.messageId()).state())
                    .isEqualTo("recalled");
            assertThat(cluster.api(product, 0).recall(first.messageId()).state())
                    .isEqualTo("written");
            link.ack(1, first.result().get("seq").asLong());
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(last.messageId());
        }
        assertThat(cluster.api().recall(user + "-unknown").status()).isEqualTo(404);
        Answer others = cluster.api().push(user, "another product's");
        assertThat(cluster.api(product, 0).recall(others.messageId()).status()).isEqualTo(404);
        assertThat(cluster.api().message(others.messageId()).state()).isEqualTo("stored");
    }

    @Test
    void whatExpiresWhileTheWindowIsClosedIsNeverSent() {
        TestProduct product = cluster.product(Durability.REDIS, 1);
        try (JsonLink link = cluster.connect(0, product, user, "phone")) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            Answer first = cluster.api(product, 0).push(user, "fills the window");
            Answer brief = cluster.api(product, 0).push(user, "brief", "{\"ttl_s\":1}");
            Answer last = cluster.api(product, 0).push(user, "lasting");
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(first.messageId());
            await().until(() ->
                    cluster.api(product, 0).message(brief.messageId()).state().equals("expired"));
            link.ack(1, first.result().get("seq").asLong());
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(last.messageId());
        }
    }
}
