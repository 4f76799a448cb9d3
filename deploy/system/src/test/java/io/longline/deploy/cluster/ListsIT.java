package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many pushes in one request, through the whole cluster. */
final class ListsIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String here = SharedCluster.fresh("here");
    private final String there = SharedCluster.fresh("there");
    private final String away = SharedCluster.fresh("away");
    private final String id = SharedCluster.fresh("list");

    @Test
    void aMulticastIsOneMessageToAllOfThem() {
        try (JsonLink first = cluster.connect(0, here);
                JsonLink second = cluster.connect(1, there)) {
            first.frames().pushesUntilCaughtUp();
            second.frames().pushesUntilCaughtUp();
            String body = """
                    {"message_id": "%s", "targets": [{"user": "%s"}, {"user": "%s"}, {"user": "%s"}], "payload": {"n": 1},
                     "options": {"wait_ms": 0}}""".formatted(id, here, away, there);

            Answer answer = cluster.api().post("/v1/messages:multicast", body);

            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.body().at("/results/0/status").asText()).isEqualTo("written");
            assertThat(answer.body().at("/results/1/status").asText()).isEqualTo("stored");
            assertThat(answer.body().at("/results/2/status").asText()).isEqualTo("written");
            for (JsonLink link : List.of(first, second)) {
                JsonNode push = link.frames().next("push");
                assertThat(push.get("message_id").asText()).isEqualTo(id);
                assertThat(push.get("text").asText()).isEqualTo("{\"n\":1}");
                link.ack(1, push.get("seq").asLong());
            }
            try (JsonLink third = cluster.connect(0, away)) {
                List<JsonNode> pushes = third.frames().pushesUntilCaughtUp();
                assertThat(pushes).hasSize(1);
                third.ack(1, pushes.getFirst().get("seq").asLong());
                await().until(() -> cluster.api().message(id).state().equals("acked"));
            }
            Answer again = cluster.api().post("/v1/messages:multicast", body);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.body().at("/results/1/status").asText()).isEqualTo("acked");
            assertThat(again.body().at("/results/1/user").asText()).isEqualTo(away);
        }
    }

    @Test
    void aBatchArrivesInItsOrder() {
        try (JsonLink link = cluster.connect(0, here)) {
            link.frames().pushesUntilCaughtUp();
            String messages = IntStream.range(0, 50)
                    .mapToObj(i -> "{\"target\":{\"user\":\"%s\"},\"payload\":%d}".formatted(here, i))
                    .collect(Collectors.joining(","));

            Answer answer = cluster.api().post("/v1/messages:batch", "{\"messages\":[" + messages + "]}");

            assertThat(answer.body().get("success_count").asInt()).isEqualTo(50);
            for (int i = 0; i < 50; i++) {
                JsonNode push = link.frames().next("push");
                assertThat(push.get("text").asText()).isEqualTo(Integer.toString(i));
                link.ack(1, push.get("seq").asLong());
            }
        }
    }

    @Test
    void aPlainTextArrivesAsItIs() {
        try (JsonLink link = cluster.connect(0, here)) {
            link.frames().pushesUntilCaughtUp();

            assertThat(cluster.api().post("/v1/simple/" + here, "Guten Tag").status())
                    .isEqualTo(200);

            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("Guten Tag");
            Answer users =
                    cluster.api().post("/v1/users:batchGet", "{\"users\":[\"%s\",\"%s\"]}".formatted(away, here));
            assertThat(users.body().at("/users/0/online").asBoolean()).isFalse();
            assertThat(users.body().at("/users/1/online").asBoolean()).isTrue();
        }
    }
}
