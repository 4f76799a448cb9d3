package io.longline.center.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeDeadLetters;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.DeadLetter;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class DeadLetterIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String LETTERS = "/v1/dead-letters";

    @SuppressWarnings("NullAway.Init")
    private static CenterKit kit;

    private final FakeDeadLetters letters = kit.deadLetters();
    private final Api api = kit.api();

    @BeforeAll
    static void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
    }

    @AfterAll
    static void stop() {
        kit.close();
    }

    @BeforeEach
    void clear() {
        delete(api, LETTERS + "?kind=uplink.order");
        delete(api, LETTERS + "?kind=presence");
        letters.refuse(null);
    }

    private static Answer delete(Api at, String path) {
        return at.exchange("DELETE", path, BodyPublishers.noBody());
    }

    private static DeadLetter letter(String product, String kind, int seq) {
        return DeadLetter.newBuilder()
                .setProduct(product)
                .setId(kind + ".7." + seq)
                .setKind(kind)
                .setUser("u1")
                .setDevice("phone")
                .setGeneration(41)
                .setSeq(seq)
                .putAllFields(Map.of("i", "i" + seq, "k", "text", "p", "room-1 7 0 0 0"))
                .setPayload(ByteString.copyFromUtf8("says " + seq))
                .setAtMs(1_000 + seq)
                .setDiedAtMs(90_000 + seq)
                .setReason("status 500")
                .build();
    }

    private static List<Integer> seqs(Answer page) {
        return page.json().at("/items").findValues("seq").stream()
                .map(seq -> seq.asInt())
                .toList();
    }

    @Test
    void theyAreListedTheNewestFirstInPagesWithoutWhatTheySay() {
        for (int i = 1; i <= 101; i++) {
            letters.add(letter("shop", "uplink.order", i));
        }
        letters.add(letter("news", "uplink.order", 500));

        Answer first = api.get(LETTERS);

        assertThat(first.status()).isEqualTo(200);
        assertThat(seqs(first)).hasSize(100).startsWith(101, 100).endsWith(2);
        assertThat(first.json().at("/items/0").toString())
                .isEqualTo("{\"id\":\"uplink.order.7.101\",\"kind\":\"uplink.order\",\"uplink_id\":\"i101\","
                        + "\"type\":\"uplink.order\",\"user\":\"u1\",\"device\":\"phone\",\"generation\":41,\"seq\":101,"
                        + "\"ts_ms\":1101,\"died_at_ms\":90101,\"reason\":\"status 500\"}");
        Answer second = api.get(LETTERS + "?after=" + first.text("/next"));
        assertThat(seqs(second)).containsExactly(1);
        assertThat(second.json().at("/next").isNull()).isTrue();
        assertThat(delete(kit.api("news"), LETTERS + "?kind=uplink.order").text("/deleted"))
                .isEqualTo("1");
        assertThat(api.get(LETTERS).json().at("/items")).hasSize(100);
    }

    @Test
    void thoseOfAKindAreListedAndDeletedAndNoOthers() {
        letters.add(letter("shop", "uplink.order", 1));
        letters.add(letter("shop", "presence", 2).toBuilder()
                .clearFields()
                .putFields("y", "presence.offline")
                .putFields("r", "node_lost")
                .build());

        Answer presence = api.get(LETTERS + "?kind=presence");
        assertThat(seqs(presence)).containsExactly(2);
        assertThat(presence.text("/items/0/type")).isEqualTo("presence.offline");
        assertThat(presence.text("/items/0/event_reason")).isEqualTo("node_lost");
        Answer purged = delete(api, LETTERS + "?kind=uplink.order");
        assertThat(purged.json().toString()).isEqualTo("{\"deleted\":1,\"more\":false}");
        assertThat(seqs(api.get(LETTERS))).containsExactly(2);
    }

    @Test
    void oneIsShownWithAllThatItSaysAndDeleted() {
        letters.add(letter("shop", "uplink.order", 1));
        letters.add(letter("shop", "uplink.order", 2).toBuilder()
                .putFields("k", "data")
                .setPayload(ByteString.copyFrom(new byte[] {0, -1}))
                .build());

        assertThat(api.get(LETTERS + "/uplink.order.7.1").text("/text")).isEqualTo("says 1");
        assertThat(api.get(LETTERS + "/uplink.order.7.2").text("/data")).isEqualTo("AP8=");
        Answer deleted = delete(api, LETTERS + "/uplink.order.7.1");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.text("/deleted")).isEqualTo("1");
        assertThat(delete(api, LETTERS + "/uplink.order.7.1").status()).isEqualTo(404);
        Answer gone = api.get(LETTERS + "/uplink.order.7.1");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.text("/error/reason")).isEqualTo("MESSAGE_NOT_FOUND");
        assertThat(seqs(api.get(LETTERS))).containsExactly(2);
    }

    @Test
    void oneIsSentAgainAsItWasAndIsNoDeadLetterAnyMore() {
        DeadLetter letter = letter("shop", "uplink.order", 1);
        letters.add(letter);

        await().untilAsserted(
                        () -> { // the coordinator is known a moment later
                            Answer retried = api.post(LETTERS + "/uplink.order.7.1:retry", "");
                            assertThat(retried.status())
                                    .as("%s", retried.json())
                                    .isEqualTo(200);
                            assertThat(retried.text("/id")).isEqualTo("uplink.order.7.1");
                            assertThat(retried.json().at("/retried").asBoolean())
                                    .isTrue();
                        });

        assertThat(letters.putBack().getLast())
                .isEqualTo(letter.toBuilder().clearReason().clearDiedAtMs().build());
        assertThat(seqs(api.get(LETTERS))).isEmpty();
        assertThat(api.post(LETTERS + "/uplink.order.7.1:retry", "{}").text("/error/reason"))
                .isEqualTo("MESSAGE_NOT_FOUND");
    }

    @Test
    void oneThatCannotBeSentAgainNowStays() {
        letters.add(letter("shop", "uplink.order", 1));
        letters.refuse(
                new LonglineException(ErrorCode.QUEUE_FULL, "as many wait as may").retryAfter(Duration.ofSeconds(2)));
        await().untilAsserted(() -> {
            Answer full = api.post(LETTERS + "/uplink.order.7.1:retry", "");
            assertThat(full.status()).isEqualTo(429);
            assertThat(full.text("/error/reason")).isEqualTo("QUEUE_FULL");
            assertThat(full.header("Retry-After")).isPresent();
        });
        letters.refuse(new LonglineException(ErrorCode.NOT_FOUND, "there is no callback"));
        assertThat(api.post(LETTERS + "/uplink.order.7.1:retry", "").text("/error/reason"))
                .isEqualTo("NOT_FOUND");

        assertThat(seqs(api.get(LETTERS))).containsExactly(1);
    }

    @Test
    void aProductNeverSeesOrTouchesThoseOfAnother() {
        letters.add(letter("shop", "uplink.order", 1));
        Api news = kit.api("news");
        int putBack = letters.putBack().size();

        assertThat(news.get(LETTERS).json().at("/items")).isEmpty();
        assertThat(news.get(LETTERS + "/uplink.order.7.1").status()).isEqualTo(404);
        assertThat(delete(news, LETTERS + "/uplink.order.7.1").status()).isEqualTo(404);
        assertThat(delete(news, LETTERS + "?kind=uplink.order").text("/deleted"))
                .isEqualTo("0");
        assertThat(news.post(LETTERS + "/uplink.order.7.1:retry", "").status()).isEqualTo(404);

        assertThat(letters.putBack()).hasSize(putBack);
        assertThat(seqs(api.get(LETTERS))).containsExactly(1);
    }

    @Test
    void whatIsWrongIsNamedAndChangesNothing() {
        letters.add(letter("shop", "uplink.order", 1));

        assertThat(field(api.get(LETTERS + "?after=x"))).isEqualTo("after");
        assertThat(field(api.get(LETTERS + "?kind=orders"))).isEqualTo("kind");
        assertThat(field(api.get(LETTERS + "?colour=1"))).isEqualTo("colour");
        assertThat(field(delete(api, LETTERS))).isEqualTo("kind");
        assertThat(field(delete(api, LETTERS + "?kind="))).isEqualTo("kind");
        assertThat(field(delete(api, LETTERS + "?kind=uplink.order&after=1"))).isEqualTo("after");
        assertThat(field(api.get(LETTERS + "/two%20words"))).isEqualTo("id");
        assertThat(field(delete(api, LETTERS + "/" + "x".repeat(193)))).isEqualTo("id");
        assertThat(field(api.post(LETTERS + "/uplink.order.7.1:retry", "{\"now\":true}")))
                .isEqualTo("now");
        assertThat(field(api.post(LETTERS + "/uplink.order.7.1:retry?now=1", "")))
                .isEqualTo("now");

        assertThat(seqs(api.get(LETTERS))).containsExactly(1);
    }

    private static String field(Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        return answer.text("/error/details/0/field");
    }
}
