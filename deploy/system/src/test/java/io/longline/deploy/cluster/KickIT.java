package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Back ends kick users and devices, and keep them out for a time, on two rooms and two centers. */
@Timeout(120)
final class KickIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private static final int KICKED = 3502;
    private static final int BLOCKED = 3505;

    private final TestProduct product = cluster.product(Durability.REDIS, 8);
    private final String user = SharedCluster.fresh("kicked");
    private final List<JsonLink> links = new ArrayList<>();

    @AfterEach
    void leave() {
        links.forEach(JsonLink::close);
    }

    private JsonLink connect(int room, String who, String device) {
        JsonLink link = cluster.connect(room, product, who, device);
        links.add(link);
        link.frames().pushesUntilCaughtUp();
        return link;
    }

    private JsonLink hello(int room, String who, String device) {
        JsonLink link = JsonLink.open(cluster.cluster().room(room));
        links.add(link);
        return link.hello(product.id(), who, device, product.token(who));
    }

    private Answer kick(int center, String who, String body) {
        return cluster.api(product, center).post("/v1/users/" + who + ":kick", body);
    }

    private static void assertKicked(JsonLink link, String reason) {
        JsonNode close = link.frames().next("close");
        assertThat(close.get("code").asInt()).isEqualTo(KICKED);
        assertThat(close.get("reason").asText()).isEqualTo(reason);
        assertThat(close.get("retry").asBoolean()).isFalse();
        assertThat(link.closeStatus()).isEqualTo(KICKED);
    }

    private static void assertBlocked(JsonLink link, String reason, long mostMs) {
        JsonNode close = link.frames().next("close");
        assertThat(close.get("code").asInt()).isEqualTo(BLOCKED);
        assertThat(close.get("reason").asText()).isEqualTo(reason);
        assertThat(close.get("retry").asBoolean()).isTrue();
        assertThat(close.get("retry_after_ms").asLong()).isBetween(1L, mostMs);
        assertThat(link.closeStatus()).isEqualTo(BLOCKED);
    }

    @Test
    void allSessionsOfAUserEndOnAllRoomsAndNoneIsLetInUntilTheBlockIsEnded() {
        JsonLink phone = connect(0, user, "phone");
        JsonLink desk = connect(1, user, "desk");

        Answer kicked = kick(0, user, "{\"reason\":\"signed out\",\"block_s\":600}");

        assertThat(kicked.status()).isEqualTo(200);
        assertThat(kicked.body().get("ended").asInt()).isEqualTo(2);
        assertKicked(phone, "signed out");
        assertKicked(desk, "signed out");
        assertBlocked(hello(1, user, "phone"), "signed out", 600_000);
        assertBlocked(hello(0, user, "pad"), "signed out", 600_000);
        Answer sent = cluster.api(product, 1).push(user, "x");
        assertThat(sent.state()).isEqualTo("stored");
        assertThat(isOnline()).isFalse();

        assertThat(kick(1, user, "{}").body().get("ended").asInt()).isZero();

        JsonLink again = cluster.connect(0, product, user, "phone");
        links.add(again);
        assertThat(again.frames().pushesUntilCaughtUp())
                .as("what was sent meanwhile")
                .extracting(push -> push.get("message_id").asText())
                .containsExactly(sent.messageId());
    }

    @Test
    void oneDeviceIsKickedAndTheOtherGoesOn() {
        JsonLink phone = connect(0, user, "phone");
        JsonLink desk = connect(0, user, "desk");

        assertThat(kick(1, user, "{\"device\":\"phone\",\"block_s\":600}")
                        .body()
                        .get("ended")
                        .asInt())
                .isEqualTo(1);

        assertKicked(phone, "kicked");
        cluster.api(product, 0).push(user, "still here");
        assertThat(desk.frames().next("push").get("text").asText()).isEqualTo("still here");
        assertBlocked(hello(1, user, "phone"), "kicked", 600_000);
    }

    @Test
    void aBlockEndsByItself() {
        JsonLink phone = connect(0, user, "phone");
        kick(0, user, "{\"block_s\":1}");
        assertKicked(phone, "kicked");

        await().until(() -> {
            JsonLink link = hello(1, user, "phone");
            await().until(() -> link.isClosed() || isOnline());
            return isOnline();
        });
    }

    private boolean isOnline() {
        return cluster.api(product, 0).user(user).body().get("online").asBoolean();
    }

    @Test
    void aLinkThatHasOtherSessionsLosesOnlyTheOneThatWasKicked() {
        String neighbour = SharedCluster.fresh("neighbour");
        JsonLink shared = connect(0, user, "phone");
        shared.say("{\"bind\":" + JsonLink.bind(2, product.id(), neighbour, product.token(neighbour), 0) + "}");
        assertThat(shared.frames().next("bound").get("ok").asBoolean()).isTrue();
        shared.frames().pushesUntilCaughtUp();

        kick(0, user, "{\"reason\":\"closed\",\"block_s\":600}");

        JsonNode unbound = shared.frames().next("unbound");
        assertThat(unbound.get("ref").asInt()).isEqualTo(1);
        assertThat(unbound.get("code").asInt()).isEqualTo(KICKED);
        assertThat(unbound.get("reason").asText()).isEqualTo("closed");
        shared.say("{\"bind\":" + JsonLink.bind(3, product.id(), user, product.token(user), 0) + "}");
        JsonNode bound = shared.frames().next("bound");
        assertThat(bound.get("ok").asBoolean()).isFalse();
        assertThat(bound.at("/error/code").asInt()).isEqualTo(BLOCKED);
        assertThat(bound.at("/error/retry_after_ms").asLong()).isBetween(1L, 600_000L);
        cluster.api(product, 0).push(neighbour, "still here");
        assertThat(shared.frames().next("push").get("text").asText()).isEqualTo("still here");
    }

    @Test
    void manyAreKickedByAJobThatAnyCenterTellsOf() {
        List<String> users =
                IntStream.range(0, 20).mapToObj(i -> user + "-" + i).toList();
        List<JsonLink> sessions = IntStream.range(0, users.size())
                .mapToObj(i -> connect(i % 2, users.get(i), "phone"))
                .toList();
        String stranger = SharedCluster.fresh("stranger");
        String list = users.stream().map(one -> "\"" + one + "\"").collect(Collectors.joining(","));

        Answer queued = cluster.api(product, 0)
                .post(
                        "/v1/users:batchKick",
                        "{\"users\":[%s,\"%s\"],\"reason\":\"closed\",\"block_s\":600}".formatted(list, stranger));

        assertThat(queued.status()).isEqualTo(202);
        String id = queued.body().get("job_id").asText();
        sessions.forEach(link -> assertKicked(link, "closed"));
        JsonNode done = await().until(
                        () -> cluster.api(product, 1).job(id).body(),
                        job -> job.get("state").asText().equals("done"));
        assertThat(done.get("sent").asInt()).isEqualTo(users.size());
        assertThat(done.get("ended").asInt()).isEqualTo(users.size());
        assertThat(done.get("skipped_reasons")).hasToString("{\"unknown\":1}");
        assertBlocked(hello(0, users.getFirst(), "phone"), "closed", 600_000);
    }

    @Test
    void aUserNeverSeenIsNotFoundAndNotBlocked() {
        Answer answer = kick(0, user, "{\"block_s\":600}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body().at("/error/reason").asText()).isEqualTo("USER_NOT_FOUND");
        assertThat(connect(0, user, "phone").isClosed()).isFalse();
    }

    @Test
    void anOperatorKicksFromTheCommandLine() {
        JsonLink phone = connect(0, user, "phone");

        Commands.Run run = Commands.run(
                "kick",
                "--product",
                product.id(),
                "--secret",
                product.apiSecret(),
                "--user",
                user,
                "--device",
                "phone",
                "--reason",
                "bad behaviour",
                "--block",
                "10m");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).contains("\"ended\":1");
        assertKicked(phone, "bad behaviour");
        assertBlocked(hello(0, user, "phone"), "bad behaviour", 600_000);
        assertThat(Commands.run(
                                "kick",
                                "--product",
                                product.id(),
                                "--secret",
                                product.apiSecret(),
                                "--user",
                                SharedCluster.fresh("stranger"))
                        .exitCode())
                .isEqualTo(1);
    }
}
