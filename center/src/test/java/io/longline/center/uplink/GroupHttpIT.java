package io.longline.center.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeCoordinator;
import io.longline.rpc.v1.PullUplinksRequest;
import io.longline.rpc.v1.PulledUplink;
import io.longline.rpc.v1.UplinkGroupStanding;
import io.longline.rpc.v1.UplinkType;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class GroupHttpIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String GROUP = "/v1/uplinks/order/groups/billing";

    @SuppressWarnings("NullAway.Init")
    private static CenterKit kit;

    @SuppressWarnings("NullAway.Init")
    private static FakeCoordinator coordinator;

    @BeforeAll
    static void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.patience", "1s"));
        Answer nobody = kit.api().post(GROUP + ":pull", "{}");
        assertThat(nobody.status()).isEqualTo(503);
        assertThat(nobody.text("/error/dependency")).isEqualTo("coordinator");
        coordinator = kit.addCoordinator();
    }

    @AfterAll
    static void stop() {
        kit.close();
    }

    @BeforeEach
    void forget() {
        coordinator.pulls().clear();
        coordinator.settled().clear();
    }

    private static PulledUplink.Builder uplink(String lease) {
        return PulledUplink.newBuilder()
                .setLeaseId(lease)
                .setEventId("uplink.order.7.99")
                .setUplinkId("i1")
                .setUser("u1")
                .setDevice("phone")
                .setGeneration(41)
                .setSeq(99)
                .setTsMs(1_800_000_000_000L);
    }

    @Test
    void whatIsPulledIsToldWithAllThatTheClientSaid() {
        coordinator.put(uplink("7-99-1").setText("häßlich").build());
        coordinator.put(uplink("7-99-2")
                .setData(ByteString.copyFrom(new byte[] {0, (byte) 0xff}))
                .build());

        Answer answer = kit.api().post(GROUP + ":pull", "{\"max\":2,\"lease_ms\":5000,\"consumer\":\"c1\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/uplinks/0").toString())
                .isEqualTo("{\"lease_id\":\"7-99-1\",\"id\":\"i1\",\"event_id\":\"uplink.order.7.99\",\"user\":\"u1\","
                        + "\"device\":\"phone\",\"generation\":41,\"seq\":99,\"ts_ms\":1800000000000,"
                        + "\"text\":\"häßlich\"}");
        assertThat(answer.text("/uplinks/1/data")).isEqualTo("AP8=");
        PullUplinksRequest asked = coordinator.pulls().getFirst();
        assertThat(asked.getGroup().getProduct()).isEqualTo("shop");
        assertThat(asked.getGroup().getType()).isEqualTo("order");
        assertThat(asked.getGroup().getGroup()).isEqualTo("billing");
        assertThat(asked.getMax()).isEqualTo(2);
        assertThat(asked.getLeaseMs()).isEqualTo(5_000);
        assertThat(asked.getConsumer()).isEqualTo("c1");
    }

    @Test
    void whoSaysNothingIsGivenUpToAHundredForHalfAMinuteWithoutWaiting() {
        Answer answer = kit.api().post(GROUP + ":pull", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().toString()).isEqualTo("{\"uplinks\":[]}");
        PullUplinksRequest asked = coordinator.pulls().getFirst();
        assertThat(asked.getMax()).isEqualTo(100);
        assertThat(asked.getWaitMs()).isZero();
        assertThat(asked.getLeaseMs()).isEqualTo(30_000);
        assertThat(asked.getConsumer()).isEqualTo("127.0.0.1");
    }

    @Test
    void aPullThatWaitsAsksAgainAndAgainUntilSomethingComes() {
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> kit.api().post(GROUP + ":pull", "{\"wait_ms\":25000}"));
        await().until(() -> coordinator.pulls().size() >= 2);
        assertThat(coordinator.pulls())
                .allSatisfy(asked -> assertThat(asked.getWaitMs()).isLessThanOrEqualTo(2_000));

        coordinator.put(uplink("7-99-3").setText("late").build());

        assertThat(waiting.join().text("/uplinks/0/lease_id")).isEqualTo("7-99-3");
    }

    @Test
    void leasesAreFinishedAndGivenBackAndThoseThatAreGoneAreNamed() {
        Stream.of("a", "b").forEach(lease -> coordinator.put(uplink(lease).build()));
        kit.api().post(GROUP + ":pull", "{}");

        Answer finished = kit.api().post(GROUP + ":finish", "{\"lease_ids\":[\"a\",\"x\"]}");
        Answer requeued = kit.api().post(GROUP + ":requeue", "{\"lease_ids\":[\"b\"],\"delay_ms\":86400000}");

        assertThat(finished.json().toString()).isEqualTo("{\"finished\":1,\"gone\":[\"x\"]}");
        assertThat(requeued.json().toString()).isEqualTo("{\"requeued\":1,\"gone\":[]}");
        assertThat(coordinator.settled().get(0).getRequeue()).isFalse();
        assertThat(coordinator.settled().get(1).getRequeue()).isTrue();
        assertThat(coordinator.settled().get(1).getDelayMs()).isEqualTo(86_400_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            :pull    | {"max":0}                               | max
            :pull    | {"max":1001}                            | max
            :pull    | {"max":"many"}                          | max
            :pull    | {"wait_ms":-1}                          | wait_ms
            :pull    | {"wait_ms":60001}                       | wait_ms
            :pull    | {"lease_ms":999}                        | lease_ms
            :pull    | {"lease_ms":3600001}                    | lease_ms
            :pull    | {"consumer":"a b"}                      | consumer
            :pull    | {"limit":5}                             | limit
            :pull    | []                                      | body
            :finish  | {}                                      | lease_ids
            :finish  | {"lease_ids":[]}                        | lease_ids
            :finish  | {"lease_ids":"a"}                       | lease_ids
            :finish  | {"lease_ids":["a",7]}                   | lease_ids[1]
            :finish  | {"lease_ids":["a"],"delay_ms":5}        | delay_ms
            :requeue | {"lease_ids":["a"],"delay_ms":86400001} | delay_ms
            :requeue | {"lease_ids":["a"],"delay_ms":-1}       | delay_ms
            :requeue | {"lease_ids":["broken"]}                | lease_ids[0]
            """)
    void whatIsWrongIsNamed(String verb, String body, String field) {
        Answer answer = kit.api().post(GROUP + verb, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/error/reason")).isEqualTo("INVALID_ARGUMENT");
        assertThat(answer.text("/error/details/0/field")).isEqualTo(field);
        assertThat(coordinator.pulls()).isEmpty();
    }

    @Test
    void tooManyLeasesAtOnceAreRefusedWhole() {
        String ids = String.join(
                ",",
                IntStream.rangeClosed(0, 1_000).mapToObj(i -> "\"l" + i + "\"").toList());

        Answer answer = kit.api().post(GROUP + ":finish", "{\"lease_ids\":[" + ids + "]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(coordinator.settled()).isEmpty();
    }

    @Test
    void namesAreIdsAndTheSecretMustBeRight() {
        assertThat(kit.api().post("/v1/uplinks/a%2Fb/groups/g:pull", "{}").text("/error/details/0/field"))
                .isEqualTo("type");
        assertThat(kit.api().post("/v1/uplinks/a/groups/g%20h:pull", "{}").text("/error/details/0/field"))
                .isEqualTo("group");
        Api other = new Api(kit.center().httpPort(), "shop", "wrong");
        assertThat(other.post(GROUP + ":pull", "{}").status()).isEqualTo(401);
        assertThat(coordinator.pulls()).isEmpty();
    }

    @Test
    void aGroupIsForgottenOnce() {
        kit.api().post("/v1/uplinks/order/groups/old:pull", "{}");

        assertThat(delete("old").status()).isEqualTo(200);
        assertThat(delete("old").status()).isEqualTo(404);
        assertThat(delete("old").text("/error/reason")).isEqualTo("NOT_FOUND");
    }

    private static Answer delete(String group) {
        return kit.api().exchange("DELETE", "/v1/uplinks/order/groups/" + group, BodyPublishers.noBody());
    }

    @Test
    void typesAreListedInPagesWithTheirGroups() {
        IntStream.range(10, 35)
                .forEach(i -> coordinator.put(UplinkType.newBuilder()
                        .setType("t" + i)
                        .setCallback(i == 10)
                        .setWaiting(9)
                        .setOldestAgeMs(8)
                        .addGroups(UplinkGroupStanding.newBuilder()
                                .setGroup("g")
                                .setDepth(7)
                                .setInFlight(6)
                                .setConsumers(5)
                                .setOldestAgeMs(4))
                        .build()));

        Answer first = kit.api().get("/v1/uplinks");
        Answer second = kit.api().get("/v1/uplinks?after=" + first.text("/next"));

        assertThat(first.json().at("/items")).hasSize(20);
        assertThat(first.text("/next")).isEqualTo("t29");
        assertThat(first.json().at("/items/0").toString())
                .isEqualTo("{\"type\":\"t10\",\"callback\":true,\"waiting\":9,\"oldest_age_ms\":8,\"groups\":["
                        + "{\"group\":\"g\",\"depth\":7,\"in_flight\":6,\"consumers\":5,\"oldest_age_ms\":4}]}");
        assertThat(second.json().at("/items")).hasSize(5);
        assertThat(second.json().at("/next").isNull()).isTrue();
        assertThat(kit.api().get("/v1/uplinks?limit=5").text("/error/details/0/field"))
                .isEqualTo("limit");
    }
}
