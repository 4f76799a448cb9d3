package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A product in numbers, on real stores and two centers. Each test has a product of its own. */
@Timeout(120)
final class StatsIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("user");

    @SuppressWarnings("NullAway.Init")
    private TestProduct product;

    @BeforeEach
    void create() {
        product = cluster.product(Durability.MYSQL, 8);
        awaitOnline(0, 0); // who asked whether it is known has left
    }

    private CenterApi api(int center) {
        return cluster.api(product, center);
    }

    private JsonNode stats() {
        Answer answer = api(1).get("/v1/stats");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    private void awaitOnline(int users, int devices) {
        await().until(() -> {
            JsonNode online = stats().get("online");
            return online.get("users").asInt() == users && online.get("devices").asInt() == devices;
        });
    }

    /** Waits until something was counted, and answers all of the same time. */
    private JsonNode awaitCount(String what, int count) {
        await().until(() -> stats().at("/hour/" + what).asInt() >= count);
        JsonNode stats = stats();
        for (String window : new String[] {"minute", "hour", "day"}) {
            assertThat(stats.at("/" + window + "/" + what).asInt()).as(window).isEqualTo(count);
        }
        return stats;
    }

    private long waiting() {
        return stats().at("/waiting/messages").asLong();
    }

    @Test
    void usersAndTheirDevicesAreCountedWhileTheyAreOnline() {
        try (JsonLink _ = cluster.connect(0, product, user, "phone");
                JsonLink _ = cluster.connect(1, product, user, "desk");
                JsonLink _ = cluster.connect(1, product, user + "-b", "phone")) {
            awaitOnline(2, 3);
            assertThat(stats().at("/online/exact").asBoolean()).isTrue();
        }
        awaitOnline(0, 0);
    }

    @Test
    void whatIsAcceptedWaitsUntilItIsAcknowledged() {
        for (int i = 0; i < 3; i++) {
            api(i % 2).pushWithId("m-" + i, user, "x", "{}");
            api(0).pushWithId("m-" + i, user, "x", "{}");
        }
        JsonNode stats = awaitCount("accepted", 3);
        assertThat(stats.at("/per_s/accepted").asDouble()).isEqualTo(0.05);
        await().until(() -> waiting() == 3);
        assertThat(stats().at("/waiting/exact").asBoolean()).isTrue();

        try (JsonLink link = cluster.connect(0, product, user, "phone")) {
            link.frames()
                    .pushesUntilCaughtUp(push -> link.ack(1, push.get("seq").asLong()));
            awaitCount("acked", 3);
        }
        await().until(() -> waiting() == 0);
    }

    @Test
    void everyEndIsCounted() {
        Answer recalled = api(0).push(user, "recalled");
        assertThat(api(1).recall(recalled.messageId()).status()).isEqualTo(200);
        api(0).push(user, "older", "{\"collapse_key\":\"k\"}");
        api(1).push(user, "newer", "{\"collapse_key\":\"k\"}");
        Answer brief = api(0).push(user, "brief", "{\"ttl_s\":1}");
        await().until(() -> api(0).message(brief.messageId()).state().equals("expired"));
        assertThat(api(0).exchange("DELETE", "/v1/users/" + user + "/devices/default/pending", "")
                        .status())
                .isEqualTo(200);

        awaitCount("recalled", 1);
        awaitCount("collapsed", 1);
        awaitCount("expired", 1);
        JsonNode stats = awaitCount("dropped", 1);
        assertThat(stats.at("/hour/accepted").asInt()).isEqualTo(4);
        assertThat(stats.at("/hour/acked").asInt()).isZero();
    }

    @Test
    void whatIsRefusedIsCountedAndWaitsNowhere() {
        assertThat(Commands.run("product", "set", product.id(), "inbox_limit=1").exitCode())
                .isZero();
        await().until(() -> api(0).push(user, "x").status() == 429);
        long before = stats().at("/hour/refused").asLong();

        assertThat(api(1).push(user, "x").reason()).isEqualTo("INBOX_FULL");

        await().until(() -> stats().at("/hour/refused").asLong() > before);
    }

    @Test
    void whatIsToBeSentLaterIsScheduledUntilItIsDue() {
        long due = System.currentTimeMillis() + 4_000;
        api(0).push(user, "later", "{\"send_at_ms\":" + due + "}");

        await().until(() -> stats().at("/waiting/scheduled").asInt() == 1);
        assertThat(awaitCount("accepted", 1).at("/waiting/messages").asInt()).isLessThanOrEqualTo(1);
        await().until(() -> stats().at("/waiting/scheduled").asInt() == 0 && waiting() == 1);
        awaitCount("accepted", 1);
    }

    @Test
    void nobodySeesAnothersNumbers() {
        TestProduct other = cluster.product(Durability.REDIS, 8);
        api(0).push(user, "x");
        awaitCount("accepted", 1);

        JsonNode stats = cluster.api(other, 0).get("/v1/stats").body();
        assertThat(stats.at("/day/accepted").asInt()).isZero();
        assertThat(stats.at("/waiting/messages").asInt()).isZero();
    }

    @Test
    void aParameterIsAnErrorThatNamesIt() {
        Answer answer = api(0).get("/v1/stats?product=other");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/error/details/0/field").asText()).isEqualTo("product");
    }
}
