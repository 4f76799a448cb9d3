package io.longline.center.stats;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Happened;
import io.longline.rpc.v1.WaitingReply;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class StatsHttpIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.register().know(endpoint("u1", "phone"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer stats() {
        return kit.api().get("/v1/stats");
    }

    private Happened counted() {
        return kit.stats().counted("shop");
    }

    private static String body(String id, String user) {
        return "{\"message_id\":\"" + id + "\",\"target\":{\"user\":\"" + user + "\"},\"payload\":\"x\"}";
    }

    @Test
    void whatHappenedIsToldInCountsAndRates() {
        kit.stats()
                .happened(
                        "shop",
                        Happened.newBuilder()
                                .setAccepted(90)
                                .setRefused(8)
                                .setAcked(70)
                                .setExpired(6)
                                .setCollapsed(5)
                                .setRecalled(4)
                                .setDropped(3)
                                .build());

        Answer answer = stats();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("at_ms").asLong()).isEqualTo(1_000_000);
        assertThat(answer.json().get("hour").toString())
                .isEqualTo(
                        "{\"accepted\":90,\"refused\":8,\"acked\":70,\"expired\":6,\"collapsed\":5,\"recalled\":4,\"dropped\":3}");
        assertThat(answer.json().get("minute"))
                .isEqualTo(answer.json().get("hour"))
                .isEqualTo(answer.json().get("day"));
        assertThat(answer.json().at("/per_s/accepted").asDouble()).isEqualTo(1.5);
        assertThat(answer.json().at("/per_s/refused").asDouble()).isEqualTo(0.13);
    }

    @Test
    void whoIsOnlineAndWhatWaitsIsSummedUpOverAllShards() {
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        kit.register().connect(endpoint("u1", "desk"), kit.room(), 12);
        kit.register().connect(endpoint("u2", "phone"), kit.room(), 13);
        WaitingReply reply = WaitingReply.newBuilder()
                .setInboxes(4)
                .setLookedAt(4)
                .setMessages(7)
                .setKept(2)
                .setKeptLookedAt(2)
                .setKeptMessages(1)
                .build();
        kit.stats().waits(0, reply);
        kit.stats().waits(255, reply);

        Answer answer = stats();

        assertThat(answer.json().get("online").toString()).isEqualTo("{\"users\":2,\"devices\":3,\"exact\":true}");
        assertThat(answer.json().get("waiting").toString())
                .isEqualTo("{\"messages\":14,\"scheduled\":2,\"exact\":true}");
    }

    @Test
    void whatWasNotLookedAtIsTakenToBeLikeTheRestAndSaidToBeAGuess() {
        kit.stats()
                .waits(
                        3,
                        WaitingReply.newBuilder()
                                .setInboxes(640)
                                .setLookedAt(64)
                                .setMessages(10)
                                .build());
        String user = "crowd-";
        for (int i = 0, found = 0; found <= StatsClient.SAMPLE; i++) {
            if (Shards.of("shop", user + i) == 7) {
                kit.register().connect(endpoint(user + i, "phone"), kit.room(), i + 1);
                found++;
            }
        }

        Answer answer = stats();

        assertThat(answer.json().get("waiting").toString())
                .isEqualTo("{\"messages\":100,\"scheduled\":0,\"exact\":false}");
        assertThat(answer.json().at("/online/devices").asInt()).isEqualTo(StatsClient.SAMPLE + 1);
        assertThat(answer.json().at("/online/exact").asBoolean()).isFalse();
    }

    @Test
    void aTargetIsAcceptedOnceHoweverOftenItsIdIsRepeated() {
        kit.api().send(body("m-1", "u1"));
        kit.api().send(body("m-1", "u1"));
        kit.api()
                .post(
                        "/v1/messages:multicast",
                        "{\"message_id\":\"m-2\",\"targets\":[{\"user\":\"u1\"},{\"user\":\"u2\"},{\"user\":\"\"}],\"payload\":\"x\"}");
        kit.api().send("{\"target\":{\"user\":\"u1\"},\"payload\":\"x\",\"validate_only\":true}");

        await().until(() -> counted().getAccepted() >= 3);
        assertThat(counted().getAccepted()).isEqualTo(3);
        assertThat(counted().getRefused()).isZero();
    }

    @Test
    void eachTargetThatIsRefusedIsCounted() {
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/shop",
                        BodyPublishers.ofString("{\"limits\":{\"user_messages_per_day\":1}}"));
        assertThat(changed.status()).isEqualTo(200);
        kit.quotas().fill("u2");
        assertThat(kit.api().send(body("m-1", "u2")).status()).isEqualTo(429);
        kit.api()
                .post(
                        "/v1/messages:multicast",
                        "{\"targets\":[{\"user\":\"u1\"},{\"user\":\"u2\"}],\"payload\":\"x\"}");

        await().until(() -> counted().getRefused() >= 2);
        assertThat(counted().getRefused()).isEqualTo(2);
        assertThat(counted().getAccepted()).isEqualTo(1);
    }

    @Test
    void whatSaverDidNotTakeIsToldAgain() {
        kit.stats().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        kit.api().send(body("m-1", "u1"));
        assertThat(stats().status()).isEqualTo(503);

        kit.stats().fail(null);

        await().until(() -> counted().getAccepted() == 1);
        await().until(() -> stats().status() == 200);
    }

    @Test
    void anAnswerIsGoodForASecondHoweverManyAsk() {
        for (int i = 0; i < 20; i++) {
            assertThat(stats().status()).isEqualTo(200);
        }
        assertThat(kit.stats().asked()).isLessThan(10);
    }
}
