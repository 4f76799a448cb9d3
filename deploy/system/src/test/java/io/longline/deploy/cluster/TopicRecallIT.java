package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Recall of messages to topics, through the whole cluster. */
final class TopicRecallIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("follower");
    private final String topic = SharedCluster.fresh("topic");

    private Answer send(String id, String text) {
        Answer answer = cluster.api().sendToTopic(id, topic, text, "{}");
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        return answer;
    }

    private Answer recall(String id) {
        Answer answer = cluster.api(TestProduct.DEMO, 1).recall(id);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.body().get("status").asText()).isEqualTo("recalled");
        return answer;
    }

    /** Follows the topic, whose name the server knows from then on. */
    private JsonLink following(int room) {
        JsonLink link = cluster.connect(room, user);
        link.frames().skipTo("caught_up", "subscribed");
        link.subscribe(topic, "").frames().next("subscribed");
        return link;
    }

    private void awaitOffline() {
        await().atMost(SOON)
                .until(() -> !cluster.api().user(user).body().path("online").asBoolean());
    }

    private static String nextText(JsonLink link) {
        return link.frames()
                .skipTo("push", "caught_up", "subscribed")
                .get("text")
                .asText();
    }

    @Test
    void whoWasAwayIsSentAllButWhatWasRecalledAndWhoComesLaterToo() {
        following(0).close();
        awaitOffline();
        String recalled = SharedCluster.fresh("send");
        send(SharedCluster.fresh("send"), "one");
        Answer sent = send(recalled, "two");
        send(SharedCluster.fresh("send"), "three");

        recall(recalled);

        try (JsonLink link = cluster.connect(1, user);
                JsonLink later = cluster.connect(0, SharedCluster.fresh("follower"))) {
            assertThat(nextText(link)).isEqualTo("one");
            assertThat(nextText(link)).isEqualTo("three");
            later.frames().next("caught_up");
            later.subscribe(topic, ",\"last\":10");
            assertThat(nextText(later)).isEqualTo("one");
            assertThat(nextText(later)).isEqualTo("three");
        }
        Answer again = send(recalled, "two");
        assertThat(again.body()).as("its id is answered as before").isEqualTo(sent.body());
        assertThat(cluster.api().get("/v1/topics/" + topic + "/messages").body().findValuesAsText("message_id"))
                .hasSize(2)
                .doesNotContain(recalled);
    }

    @Test
    void whoHadItHasItAndItsSendSaysSo() {
        String id = SharedCluster.fresh("send");
        try (JsonLink link = following(0)) {
            Answer sent = send(id, "one");
            assertThat(nextText(link)).isEqualTo("one");
            assertThat(cluster.api().message(id).body().get("status").asText()).isEqualTo("stored");
            String job = "/v1/jobs/" + sent.body().get("job_id").asText();
            await().atMost(SOON)
                    .until(() -> cluster.api().get(job).body().path("sent").asInt() == 1);

            JsonNode recalled = recall(id).body();

            assertThat(recalled.at("/job/sent").asInt()).isEqualTo(1);
            assertThat(recalled.at("/job/recalled").asBoolean()).isTrue();
            await().atMost(SOON)
                    .until(() ->
                            cluster.api().get(job).body().path("state").asText().equals("done"));
            send(SharedCluster.fresh("send"), "two");
            assertThat(nextText(link))
                    .as("nothing comes twice, and nothing is missed")
                    .isEqualTo("two");
        }
        assertThat(cluster.api().message(id).body().get("status").asText()).isEqualTo("recalled");
        assertThat(cluster.api().get("/v1/messages/" + id + "/timeline").body().findValuesAsText("stage"))
                .containsExactly("accepted", "stored", "recalled");
    }
}
