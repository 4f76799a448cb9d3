package io.longline.center.user;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.shard.Seqs;
import io.longline.keeper.token.ClientTokens;
import io.longline.keeper.token.TokenCheck;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users and their tokens. */
@Timeout(60)
class UserIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private static CenterKit kit;

    @BeforeAll
    static void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
    }

    @AfterAll
    static void stop() {
        kit.close();
    }

    @Test
    void aUserIsShownWithDevicesAndWhatWaits() {
        kit.register().know(endpoint("u1", "desk"));
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        kit.api().send("{\"target\":{\"user\":\"u1\",\"device\":\"desk\"},\"payload\":\"x\"}");
        kit.api().send("{\"target\":{\"user\":\"u1\",\"device\":\"desk\"},\"payload\":\"y\"}");

        Answer answer = kit.api().get("/v1/users/u1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .hasToString("{\"user\":\"u1\",\"online\":true,\"devices\":["
                        + "{\"device\":\"phone\",\"online\":true,\"room\":\"room-1\",\"generation\":11,"
                        + "\"since_ms\":1700000000001,\"last_seen_ms\":1700000000000,\"network\":\"wifi\",\"pending\":0},"
                        + "{\"device\":\"desk\",\"online\":false,\"last_seen_ms\":1700000000000,\"pending\":2}],"
                        + "\"topics\":[]}");
    }

    @Test
    void anInboxIsEmptiedOfWhatWaitsThenHoweverLateThatIsDone() {
        kit.api().send("{\"target\":{\"user\":\"e1\",\"device\":\"desk\"},\"payload\":\"x\"}");
        long before = System.currentTimeMillis();

        Answer emptied = kit.api().exchange("DELETE", "/v1/users/e1/devices/desk/pending", BodyPublishers.noBody());

        assertThat(emptied.json().get("dropped").asInt()).isEqualTo(1);
        assertThat(kit.saver().emptiedUpTo()).isBetween(Seqs.lastOf(before), Seqs.lastOf(System.currentTimeMillis()));
    }

    @Test
    void manyUsersAreShownInTheOrderAskedForAndOneNeverSeenWithoutDevices() {
        kit.register().connect(endpoint("many1", "phone"), kit.room(), 11);
        kit.register().know(endpoint("many2", "desk"));
        kit.api().send("{\"target\":{\"user\":\"many2\"},\"payload\":\"x\"}");

        Answer answer = kit.api().post("/v1/users:batchGet", "{\"users\":[\"many2\",\"stranger\",\"many1\"]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().findValuesAsText("user")).containsExactly("many2", "stranger", "many1");
        assertThat(answer.json().at("/users/0/devices/0/pending").asInt()).isEqualTo(1);
        assertThat(answer.json().at("/users/1"))
                .hasToString("{\"user\":\"stranger\",\"online\":false,\"devices\":[],\"topics\":[]}");
        assertThat(answer.json().at("/users/2"))
                .isEqualTo(kit.api().get("/v1/users/many1").json());
    }

    @Test
    void aListOfUsersThatIsNoneIsRefusedAndSaysWhere() {
        assertThat(kit.api().post("/v1/users:batchGet", "{}").text("/error/details/0/field"))
                .isEqualTo("users");
        assertThat(kit.api().post("/v1/users:batchGet", "{\"users\":[]}").status())
                .isEqualTo(400);
        assertThat(kit.api()
                        .post("/v1/users:batchGet", "{\"users\":[\"u1\",\"a/b\",7]}")
                        .json()
                        .at("/error/details")
                        .findValuesAsText("field"))
                .containsExactly("users[1]", "users[2]");
        String tooMany = "{\"users\":[" + "\"u\",".repeat(1_000) + "\"u\"]}";
        assertThat(kit.api().post("/v1/users:batchGet", tooMany).status()).isEqualTo(400);
    }

    @Test
    void aUserNeverSeenIsNotFound() {
        Answer answer = kit.api().get("/v1/users/stranger");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("/error/reason")).isEqualTo("USER_NOT_FOUND");
    }

    @Test
    void aUserOfAnotherProductIsNotFound() {
        kit.register().know(endpoint("u2", "desk"));

        assertThat(kit.api().get("/v1/users/u2").status()).isEqualTo(200);
        assertThat(kit.api("news").get("/v1/users/u2").status()).isEqualTo(404);
    }

    @Test
    void whoIsOnlineIsListedOnceInPages() {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 230; i++) {
            kit.register().connect(endpoint("news", "reader" + i, "phone"), kit.room(), 11);
            expected.add("reader" + i);
        }
        kit.register().connect(endpoint("news", "reader0", "desk"), kit.room(), 12);

        List<String> listed = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String after = "";
        while (after != null) {
            Answer page = kit.api("news").get("/v1/users?online=true" + after);
            assertThat(page.status()).isEqualTo(200);
            page.json().get("items").forEach(user -> listed.add(user.get("user").asText()));
            page.json()
                    .get("items")
                    .forEach(user -> assertThat(user.get("online").asBoolean()).isTrue());
            sizes.add(page.json().get("items").size());
            after = page.json().get("next").isNull()
                    ? null
                    : "&after=" + page.json().get("next").asText();
        }

        assertThat(sizes).containsExactly(100, 100, 30);
        assertThat(listed).doesNotHaveDuplicates().hasSize(230);
        assertThat(Set.copyOf(listed)).isEqualTo(expected);
    }

    @Test
    void aListOfUsersThatIsNotOfThoseOnlineIsRefused() {
        for (String query : List.of(
                "",
                "?online=false",
                "?online=true&limit=5",
                "?online=true&after=yesterday",
                "?online=true&after=256.u")) {
            assertThat(kit.api().get("/v1/users" + query).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void aUserOrOneDeviceIsForgottenAndOnceMoreChangesNothing() {
        kit.register().know(endpoint("gone", "desk"));
        kit.register().connect(endpoint("gone", "phone"), kit.room(), 11);
        kit.register().know(endpoint("gone", "watch"));

        Answer one = kit.api().exchange("DELETE", "/v1/users/gone/devices/watch", BodyPublishers.noBody());
        Answer all = kit.api().exchange("DELETE", "/v1/users/gone", BodyPublishers.noBody());
        Answer again = kit.api().exchange("DELETE", "/v1/users/gone", BodyPublishers.noBody());

        assertThat(one.status()).isEqualTo(200);
        assertThat(one.json()).hasToString("{\"devices\":[\"watch\"],\"ended\":0,\"dropped\":1}");
        assertThat(all.json()).hasToString("{\"devices\":[\"desk\",\"phone\"],\"ended\":1,\"dropped\":2}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).hasToString("{\"devices\":[],\"ended\":0,\"dropped\":0}");
        assertThat(kit.api().get("/v1/users/gone").status()).isEqualTo(404);
    }

    @Test
    void aTokenIsGoodForWhatItWasAskedFor() {
        Instant before = Instant.now();

        Answer answer = kit.api()
                .post("/v1/tokens", "{\"user\":\"u1\",\"device\":\"phone\",\"topics\":[\"news*\"],\"ttl_s\":60}");

        assertThat(answer.status()).isEqualTo(200);
        TokenCheck check =
                ClientTokens.check(kit.products().find("shop").orElseThrow(), answer.text("/token"), Instant.now());
        assertThat(check).isInstanceOfSatisfying(TokenCheck.Valid.class, valid -> {
            assertThat(valid.user()).isEqualTo("u1");
            assertThat(valid.device()).isEqualTo("phone");
            assertThat(valid.topics()).isEqualTo(List.of("news*"));
            assertThat(valid.expiresAtMs())
                    .isEqualTo(answer.json().get("expires_at_ms").asLong());
        });
        assertThat(Instant.ofEpochMilli(answer.json().get("expires_at_ms").asLong()))
                .isBetween(before.plus(Duration.ofSeconds(59)), before.plus(Duration.ofSeconds(70)));
    }

    @Test
    void aTokenThatNoRoomWouldTakeIsNotMade() {
        String pattern = "x".repeat(120);
        String topics = IntStream.range(10, 100)
                .mapToObj(i -> "\"" + i + pattern + "\"")
                .collect(Collectors.joining(","));

        Answer answer = kit.api().post("/v1/tokens", "{\"user\":\"u1\",\"topics\":[" + topics + "]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/error/details/0/field")).isEqualTo("topics");
    }

    @Test
    void aTokenNeedsAUserAndABoundedTime() {
        Answer answer = kit.api().post("/v1/tokens", "{\"ttl_s\":0,\"topics\":\"x\",\"scope\":1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("user", "ttl_s", "topics", "scope");
    }
}
