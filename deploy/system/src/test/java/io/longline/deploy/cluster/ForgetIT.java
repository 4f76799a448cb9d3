package io.longline.deploy.cluster;

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

/** Users and devices are forgotten on demand: sessions, inbox, device. */
final class ForgetIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("forgotten");

    private Answer push(String device) {
        return cluster.api()
                .send("{\"target\":{\"user\":\"%s\",\"device\":\"%s\"},\"payload\":\"x\"}".formatted(user, device));
    }

    private JsonNode forget(String path) {
        Answer answer = cluster.api().exchange("DELETE", "/v1/users/" + user + path, "");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void aForgottenDeviceIsEndedWith3502AndItsMessagesAreDropped() {
        try (JsonLink link = cluster.connect(0, user)) {
            link.frames().pushesUntilCaughtUp();
            Answer sent = push("phone");

            JsonNode forgotten = forget("/devices/phone");

            assertThat(forgotten.get("devices")).hasSize(1);
            assertThat(forgotten.get("ended").asInt()).isEqualTo(1);
            assertThat(forgotten.get("dropped").asInt()).isEqualTo(1);
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(sent.messageId());
            assertThat(link.frames().next("close").get("code").asInt()).isEqualTo(3502);
            assertThat(link.closeStatus()).isEqualTo(3502);
            JsonNode result = cluster.api().message(sent.messageId()).result();
            assertThat(result.get("status").asText()).isEqualTo("dropped");
            assertThat(result.get("reason").asText()).isEqualTo("forgotten");
        }
        assertThat(cluster.api().get("/v1/users/" + user).status()).isEqualTo(404);
        assertThat(forget("/devices/phone").get("devices")).isEmpty();
    }

    @Test
    void whoIsOnlineIsListedUntilForgotten() {
        TestProduct product = cluster.product(Durability.REDIS, 64);
        try (JsonLink phone = cluster.connect(0, product, user, "phone");
                JsonLink desk = cluster.connect(1, product, user, "desk");
                JsonLink other = cluster.connect(1, product, user + "-b", "phone")) {
            desk.frames().pushesUntilCaughtUp();
            assertThat(onlineOf(product)).containsExactlyInAnyOrder(user, user + "-b");
            phone.drop();
            await().until(() -> devicesOnline(product) == 1);
            assertThat(onlineOf(product)).containsExactlyInAnyOrder(user, user + "-b");

            cluster.api(product, 1).exchange("DELETE", "/v1/users/" + user, "");

            assertThat(onlineOf(product)).containsExactly(user + "-b");
            assertThat(desk.frames().next("close").get("code").asInt()).isEqualTo(3502);
            assertThat(other.isClosed()).isFalse();
        }
        await().until(() -> onlineOf(product).isEmpty());
    }

    private List<String> onlineOf(TestProduct product) {
        JsonNode page = cluster.api(product, 0).get("/v1/users?online=true").body();
        assertThat(page.get("next").isNull()).isTrue();
        return page.get("items").findValuesAsText("user").stream()
                .filter(name -> !name.equals("probe"))
                .toList();
    }

    private long devicesOnline(TestProduct product) {
        return cluster
                .api(product, 0)
                .get("/v1/users/" + user)
                .body()
                .get("devices")
                .findValuesAsText("online")
                .stream()
                .filter("true"::equals)
                .count();
    }

    @Test
    void aForgottenUserMayComeBackAndIsNew() {
        for (String device : new String[] {"phone", "desk"}) {
            try (JsonLink link = cluster.connect(0, TestProduct.DEMO, user, device)) {
                link.frames().pushesUntilCaughtUp();
            }
            push(device);
        }

        JsonNode forgotten = forget("");

        assertThat(forgotten.get("devices")).hasSize(2);
        assertThat(forgotten.get("dropped").asInt()).isEqualTo(2);
        Answer fresh = push("phone");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp())
                    .extracting(frame -> frame.get("message_id").asText())
                    .containsExactly(fresh.messageId());
        }
        assertThat(cluster.api().get("/v1/users/" + user).body().get("devices")).hasSize(1);
    }

    @Test
    void whatWaitedForAUserNeverSeenIsDroppedToo() {
        Answer sent = cluster.api().send("{\"target\":{\"user\":\"%s\"},\"payload\":\"x\"}".formatted(user));

        assertThat(forget("").get("dropped").asInt()).isEqualTo(1);

        assertThat(cluster.api().message(sent.messageId()).state()).isEqualTo("dropped");
    }
}
