package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What waits in an inbox is listed, and dropped on demand. */
final class PendingIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("pending");

    private static String path(String user, String device) {
        return "/v1/users/" + user + "/devices/" + device + "/pending";
    }

    private Answer push(String text, String options) {
        return cluster.api()
                .send("{\"target\":{\"user\":\"%s\",\"device\":\"phone\"},\"payload\":\"%s\",\"options\":%s}"
                        .formatted(user, text, options));
    }

    @Test
    void whatWaitsIsListedWithoutItsPayload() {
        Answer first = push("one", "{\"priority\":\"high\",\"collapse_key\":\"k\",\"ttl_s\":60}");
        Answer second = push("two", "{}");

        JsonNode page = cluster.api().get(path(user, "phone")).body();

        assertThat(page.get("next").isNull()).isTrue();
        assertThat(page.get("items")).hasSize(2);
        JsonNode item = page.get("items").get(0);
        assertThat(item.get("seq")).isEqualTo(first.result().get("seq"));
        assertThat(item.get("message_id").asText()).isEqualTo(first.messageId());
        assertThat(item.get("priority").asText()).isEqualTo("high");
        assertThat(item.get("collapse_key").asText()).isEqualTo("k");
        assertThat(item.get("expires_at_ms").asLong() - item.get("sent_at_ms").asLong())
                .isEqualTo(60_000);
        assertThat(page.get("items").get(1).get("message_id").asText()).isEqualTo(second.messageId());
        assertThat(page.toString()).doesNotContain("one").doesNotContain("two");
        assertThat(cluster.api().message(first.messageId()).state()).isEqualTo("stored");
    }

    @Test
    void manyComeInPages() {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 103; i++) {
            sent.add(push("m" + i, "{}").messageId());
        }

        JsonNode first = cluster.api().get(path(user, "phone")).body();
        JsonNode second = cluster.api()
                .get(path(user, "phone") + "?after=" + first.get("next").asText())
                .body();

        List<String> listed = new ArrayList<>();
        List.of(first, second)
                .forEach(page -> page.get("items")
                        .forEach(item -> listed.add(item.get("message_id").asText())));
        assertThat(listed).isEqualTo(sent);
        assertThat(first.get("items")).hasSize(100);
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void anInboxThatIsEmptiedDropsItsMessagesAndGoesOn() {
        Answer gone = push("gone", "{}");

        Answer emptied = cluster.api().exchange("DELETE", path(user, "phone"), "");

        assertThat(emptied.status()).isEqualTo(200);
        assertThat(emptied.body().get("dropped").asLong()).isEqualTo(1);
        assertThat(cluster.api()
                        .exchange("DELETE", path(user, "phone"), "")
                        .body()
                        .get("dropped")
                        .asLong())
                .isZero();
        Answer look = cluster.api().message(gone.messageId());
        assertThat(look.result().get("status").asText()).isEqualTo("dropped");
        assertThat(look.result().get("reason").asText()).isEqualTo("emptied");
        Answer stays = push("stays", "{}");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp())
                    .extracting(frame -> frame.get("message_id").asText())
                    .containsExactly(stays.messageId());
        }
    }

    @Test
    void anInboxNobodyKnowsIsEmptyAndAWrongPageIsRefused() {
        JsonNode page = cluster.api().get(path(user, "never-seen")).body();
        assertThat(page.get("items")).isEmpty();
        assertThat(page.get("next").isNull()).isTrue();

        Answer wrong = cluster.api().get(path(user, "phone") + "?after=yesterday");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().at("/error/details/0/field").asText()).isEqualTo("after");
        Answer unknown = cluster.api().get(path(user, "phone") + "?limit=5");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body().at("/error/details/0/field").asText()).isEqualTo("limit");
        assertThat(cluster.api().get(path(user, "pho%2Fne")).status()).isEqualTo(400);
    }
}
