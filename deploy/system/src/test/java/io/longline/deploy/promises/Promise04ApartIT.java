package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 4: a message reaches nobody whom it was not addressed to; products neither see nor affect each other. */
final class Promise04ApartIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("namesake");

    @Test
    void namesakesOfTwoProductsGetOnlyTheirOwnAndKnowNothingOfEachOther() {
        TestProduct other = cluster.product(Durability.MYSQL, 64);
        String id = SharedCluster.fresh("same-id");
        try (JsonLink ours = cluster.connect(0, user);
                JsonLink theirs = cluster.connect(0, other, user, "phone")) {
            assertThat(ours.frames().pushesUntilCaughtUp()).isEmpty();
            assertThat(theirs.frames().pushesUntilCaughtUp()).isEmpty();

            CenterApi otherApi = cluster.api(other, 1);
            Answer toOurs = cluster.api().pushWithId(id, user, "ours", "{}");
            assertThat(otherApi.message(id).status()).isEqualTo(404);
            Answer toTheirs = otherApi.pushWithId(id, user, "theirs", "{}");
            assertThat(toTheirs.header("Idempotent-Replay"))
                    .as("ids are apart too")
                    .isEmpty();

            assertThat(ours.frames().next("push").get("text").asText()).isEqualTo("ours");
            assertThat(theirs.frames().next("push").get("text").asText()).isEqualTo("theirs");
            theirs.ack(1, toTheirs.result().get("seq").asLong() + 1_000_000_000L);
            assertThat(cluster.api().message(toOurs.messageId()).state()).isEqualTo("written");
            assertThat(ours.frames().isEmpty()).isTrue();
            assertThat(theirs.frames().isEmpty()).isTrue();
        }
    }

    @Test
    void theSecretOfOneProductOpensNothingOfAnother() {
        TestProduct other = cluster.product(Durability.MYSQL, 64);
        CenterApi mixed = new CenterApi(cluster.cluster().center(0), "demo", other.apiSecret());
        assertThat(mixed.push(user, "x").status()).isEqualTo(401);
        assertThat(cluster.api().user(user).status()).as("nothing happened").isEqualTo(404);
    }

    @Test
    void twoProductsOnOneConnectionLiveAndEndApart() {
        TestProduct other = cluster.product(Durability.MYSQL, 64);
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.say("{\"hello\":{\"device\":\"phone\",\"bind\":[%s,%s]}}"
                    .formatted(
                            JsonLink.bind(1, "demo", user, TestProduct.DEMO.token(user), 0),
                            JsonLink.bind(2, other.id(), user, other.token(user), 0)));
            assertThat(link.frames().next("welcome").get("bound")).hasSize(2);
            link.frames().next("caught_up");
            link.frames().next("caught_up");

            try (JsonLink newer = cluster.connect(1, other, user, "phone")) {
                assertThat(newer.frames().pushesUntilCaughtUp()).isEmpty();
                assertThat(link.frames().next("unbound").get("code").asInt()).isEqualTo(3501);

                cluster.api(other, 0).push(user, "to the newer");
                cluster.api().push(user, "to the older link");
                assertThat(newer.frames().next("push").get("text").asText()).isEqualTo("to the newer");
                assertThat(link.frames().next("push").get("text").asText()).isEqualTo("to the older link");
                assertThat(link.isClosed()).isFalse();
            }
        }
    }
}
