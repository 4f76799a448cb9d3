package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whom a broadcast and a message to a topic would reach, and whom one has reached. */
final class BroadcastAudienceIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final TestProduct product = cluster.emptyProduct();
    private final Broadcasts broadcasts = cluster.broadcasts(product);
    private final CenterApi api = cluster.api(product, 0);

    private JsonLink connected(int room, String user, String device) {
        JsonLink link = cluster.connect(room, product, user, device);
        link.frames().next("caught_up");
        return link;
    }

    private JsonNode validated(String path) {
        Answer answer = api.post(path, "{\"payload\":\"x\",\"validate_only\":true}");
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        return answer.body();
    }

    private List<String> results(String messageId) {
        List<String> entries = new ArrayList<>();
        api.message(messageId)
                .body()
                .get("results")
                .forEach(entry -> entries.add(
                        entry.get("user").asText() + "/" + entry.get("device").asText() + " "
                                + entry.get("status").asText()));
        return entries;
    }

    @Test
    void whomItWouldReachIsToldAndNobodyIsReached() {
        String topic = SharedCluster.fresh("topic");
        assertThat(api.follow("follower", topic).status()).isEqualTo(200);
        try (JsonLink phone = connected(0, "u1", "phone");
                JsonLink desk = connected(1, "u1", "desk");
                JsonLink other = connected(1, "u2", "phone")) {
            JsonNode everybody = validated("/v1/broadcasts");
            JsonNode followers = validated("/v1/topics/" + topic + ":send");

            assertThat(everybody.get("targeted").asInt()).isEqualTo(3);
            assertThat(everybody.get("exact").asBoolean()).isTrue();
            assertThat(everybody.get("users").asInt()).isEqualTo(2);
            assertThat(everybody.get("sample").findValuesAsText("user")).containsExactlyInAnyOrder("u1", "u2");
            assertThat(followers.get("targeted").asInt()).isEqualTo(1);
            assertThat(followers.get("sample").findValuesAsText("user")).containsExactly("follower");
            assertThat(api.get("/v1/jobs").body().get("items")).isEmpty();
            broadcasts.begin("real", "");
            for (JsonLink link : List.of(phone, desk, other)) {
                assertThat(link.frames().next("push").get("text").asText()).isEqualTo("real");
            }
        }
    }

    @Test
    void itsMessageTellsWhoOfThoseThatAreConnectedHasAcknowledgedIt() {
        try (JsonLink phone = connected(0, "u1", "phone");
                JsonLink other = connected(1, "u2", "phone")) {
            JsonNode job = broadcasts.toTheEnd("hello", "");
            long offset = job.get("offset").asLong();
            assertThat(phone.frames().next("push").get("offset").asLong()).isEqualTo(offset);
            assertThat(other.frames().next("push").get("offset").asLong()).isEqualTo(offset);
            phone.ackTopic("*", offset);
            String id = job.get("message_id").asText();

            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(results(id)).containsExactlyInAnyOrder("u1/phone acked", "u2/phone stored"));
            try (JsonLink young = connected(0, "u3", "phone")) {
                assertThat(young.frames().isEmpty()).as("it is younger").isTrue();
                assertThat(results(id)).doesNotContain("u3/phone stored");
            }
        }
    }
}
