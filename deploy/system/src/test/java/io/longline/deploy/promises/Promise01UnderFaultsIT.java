package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import io.longline.sdk.LonglineClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promises 1, 2, 3, 5, 8, 9 and 13 while processes are killed or stopped and Redis loses what it knew. */
@Tag("faults")
final class Promise01UnderFaultsIT {

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final String user = SharedCluster.fresh("steadfast");

    /** Promises 1 and 2, on the SDK. */
    @ParameterizedTest
    @ValueSource(strings = {"room-1", "saver-1", "redis"})
    void everyMessageComesOnceAndInOrderThoughAProcessIsKilled(String victim) {
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        List<String> texts = IntStream.range(0, 20).mapToObj(Integer::toString).toList();
        try (LonglineClient client = client(got)) {
            client.start();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> faults.api(0).user(user).body().path("online").asBoolean());
            for (String text : texts) {
                if (text.equals("10")) {
                    faults.cluster().part(victim).kill();
                    faults.cluster().part(victim).restart();
                }
                faults.push(user, text);
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> got.size() >= texts.size());
        }
        assertThat(got).isEqualTo(texts);
    }

    /** Promise 1 for who is away. */
    @Test
    void whatWaitsOutlivesARedisThatIsEmptied() {
        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> faults.push(user, "m" + i).messageId())
                .toList();

        faults.cluster().stores().emptyRedis();

        String after = faults.push(user, "after").messageId();
        try (JsonLink link = faults.connect(0, user)) {
            assertThat(idsOf(link)).containsExactly(ids.get(0), ids.get(1), ids.get(2), ids.get(3), ids.get(4), after);
        }
    }

    /** Promise 1 for who is connected to a room that others take for dead, which lives. */
    @Test
    void whoIsAtARoomThatIsCutOffFromZooKeeperAloneGetsItsPushesAtAnother() {
        try (JsonLink cutOff = faults.connect(0, user)) {
            assertThat(cutOff.frames().pushesUntilCaughtUp()).isEmpty();
            faults.cluster().cut("room-1", "zookeeper").blackHole();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !faults.api(0).user(user).body().path("online").asBoolean());
            Answer waiting = faults.push(user, "for whom nobody finds");

            assertThat(cutOff.frames().next("close").get("code").asInt()).isEqualTo(3003);
            try (JsonLink comer =
                            JsonLink.open(faults.cluster().rooms().getFirst().getPort());
                    JsonLink elsewhere = faults.connect(1, user)) {
                assertThat(comer.frames().next("close").get("code").asInt()).isEqualTo(3003);
                assertThat(idsOf(elsewhere)).containsExactly(waiting.messageId());
                Answer there = faults.push(user, "for who is there");
                assertThat(elsewhere.frames().next("push").get("message_id").asText())
                        .isEqualTo(there.messageId());
                elsewhere.ack(1, there.result().get("seq").asLong());
            }
        }
        faults.cluster().healAll();
        try (JsonLink back = faults.connect(0, user)) {
            back.frames().pushesUntilCaughtUp();
            Answer here = faults.push(user, "for who is back");
            assertThat(back.frames().next("push").get("message_id").asText()).isEqualTo(here.messageId());
        }
    }

    /** Promise 3. */
    @Test
    void whatWasAcknowledgedStaysAwayThoughTheSaverThatTookItIsKilled() {
        Answer first = faults.push(user, "first");
        try (JsonLink link = faults.connect(0, user)) {
            assertThat(idsOf(link)).containsExactly(first.messageId());
            link.ack(1, first.result().get("seq").asLong());
            await().until(() -> faults.api(0).message(first.messageId()).state().equals("acked"));
        }
        faults.cluster().part("saver-1").kill();
        faults.cluster().part("saver-1").restart();
        Answer second = faults.push(user, "second");
        try (JsonLink link = faults.connect(1, user)) {
            assertThat(idsOf(link)).containsExactly(second.messageId());
        }
    }

    /** Promise 5. */
    @Test
    void aRoomThatWakesUpSendsNothingToWhomItLost() {
        try (JsonLink older = faults.connect(0, user)) {
            assertThat(older.frames().pushesUntilCaughtUp()).isEmpty();
            faults.cluster().part("room-1").stop();
            try (JsonLink newer = faults.connect(1, user)) {
                assertThat(newer.frames().pushesUntilCaughtUp()).isEmpty();
                Answer answer = faults.push(user, "for the newer one");
                assertThat(newer.frames().next("push").get("message_id").asText())
                        .isEqualTo(answer.messageId());
                newer.ack(1, answer.result().get("seq").asLong());

                faults.cluster().part("room-1").resume();

                assertThat(older.frames().next("close").get("code").asInt()).isIn(3501, 3000, 3003);
                Answer later = faults.push(user, "still for the newer one");
                assertThat(newer.frames().next("push").get("message_id").asText())
                        .isEqualTo(later.messageId());
            }
        }
    }

    /** Promise 8. */
    @Test
    void anIdThatIsRepeatedUntilItSucceedsIsOneMessageThoughBothSaversDie() {
        String id = SharedCluster.fresh("once");
        faults.api(0).pushWithId(id, user, "once", "{}");
        faults.cluster().part("saver-1").kill();
        faults.cluster().part("saver-2").kill();
        assertThat(faults.api(1).pushWithId(id, user, "once", "{}").status()).isIn(503, 200, 202);
        faults.cluster().part("saver-1").restart();
        faults.cluster().part("saver-2").restart();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> faults.api(1).pushWithId(id, user, "once", "{}").status() / 100 == 2);
        // This center may see the savers later than the other.
        Answer twice = await().atMost(Duration.ofMinutes(1))
                .until(() -> faults.api(0).pushWithId(id, user, "twice", "{}"), answer -> answer.status() != 503);
        assertThat(twice.status()).isEqualTo(409);
        try (JsonLink link = faults.connect(0, user)) {
            assertThat(idsOf(link)).containsExactly(id);
        }
    }

    /** Promise 9. */
    @Test
    void whatIsRecalledAfterItsPushFailedAtAStoppedMysqlIsNeverSent() {
        faults.connect(0, user).close();
        String id = SharedCluster.fresh("failed");
        faults.cluster().part("mysql").stop();
        Answer failed = faults.api(0).pushWithId(id, user, "failed", "{}");
        faults.cluster().part("mysql").resume();
        assertThat(failed.status()).isEqualTo(503);
        assertThat(faults.api(0).pending(user, "phone")).isEqualTo(1);

        Answer recalled = await().atMost(Duration.ofMinutes(1))
                .until(() -> faults.api(1).recall(id), answer -> answer.status() != 503);
        assertThat(recalled.state()).isEqualTo("recalled");
        assertThat(recalled.result().get("device").asText()).isEqualTo("phone");
        Answer after = faults.push(user, "after");
        try (JsonLink link = faults.connect(0, user)) {
            assertThat(idsOf(link)).containsExactly(after.messageId());
        }
    }

    /** Promise 9. */
    @Test
    void whatExpiresWhileRedisIsStoppedIsNeverSent() {
        faults.push(user, "brief", "{\"ttl_s\":1}");
        long expired = System.currentTimeMillis() + 1_100;
        Answer lasting = faults.push(user, "lasting");
        faults.cluster().part("redis").stop();
        await().until(() -> System.currentTimeMillis() > expired);
        faults.cluster().part("redis").resume();
        try (JsonLink link = faults.connect(0, user)) {
            assertThat(idsOf(link)).containsExactly(lasting.messageId());
        }
    }

    /** Promise 13: no other service is needed to refuse. */
    @Test
    void aBadTokenBindsNothingWhileRegistersAndSaversAreStopped() {
        for (String name : List.of("register-1", "register-2", "saver-1", "saver-2")) {
            faults.cluster().part(name).stop();
        }
        try (JsonLink link = JsonLink.open(faults.cluster().rooms().getFirst().getPort())) {
            link.hello(
                    faults.journaled().id(), user, "phone", faults.journaled().token("somebody-else"));
            assertThat(link.frames().next("close").get("code").asInt()).isEqualTo(3500);
        }
    }

    private static List<String> idsOf(JsonLink link) {
        return link.frames().pushesUntilCaughtUp().stream()
                .map((JsonNode push) -> push.get("message_id").asText())
                .toList();
    }

    private LonglineClient client(List<String> got) {
        return LonglineClient.builder()
                .dispatcher(faults.cluster().dispatcher().toString())
                .product(faults.journaled().id())
                .user(user)
                .device("phone")
                .token(() -> faults.journaled().token(user))
                .heartbeatSeconds(2)
                .listener(message -> got.add(String.valueOf(message.text())))
                .build();
    }
}
