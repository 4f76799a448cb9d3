package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.deploy.service.ServiceKind;
import io.longline.room.RoomServer;
import io.longline.sdk.LonglineClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Promise 1: a push answered with success reaches each target at least once, though a hint is lost, a room leaves, or Redis
 * starts anew. (A killed process: {@code UpIT} and {@code ProcessesIT}.)
 */
final class Promise01AtLeastOnceIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private static final Duration MADE_GOOD_WITHIN = Duration.ofSeconds(4);
    private final String user = SharedCluster.fresh("reached");

    @AfterEach
    void switchFaultsOff() {
        rooms().forEach(room -> room.loseHints(0));
    }

    private static List<RoomServer> rooms() {
        return cluster.cluster().services(ServiceKind.ROOM).stream()
                .map(service -> (RoomServer) service.handle())
                .toList();
    }

    @Test
    void aLostHintIsMadeGoodWithinThreeSecondsWhileTheClientStays() {
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();

            Duration took = Duration.ofDays(1);
            for (int tries = 0;
                    tries < 3 && took.compareTo(MADE_GOOD_WITHIN) >= 0;
                    tries++) { // the machine may stand still meanwhile
                took = madeGood(link);
            }

            assertThat(took).isLessThan(MADE_GOOD_WITHIN);
        }
    }

    /** How long after it was sent a message comes whose hint is lost. */
    private Duration madeGood(JsonLink link) {
        rooms().forEach(room -> room.loseHints(1));
        long began = System.nanoTime();
        Answer answer = cluster.api().push(user, "lost");
        rooms().forEach(room -> room.loseHints(0));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.state()).isEqualTo("stored");

        JsonNode push = link.frames().next("push");
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(push.get("message_id").asText()).isEqualTo(answer.messageId());
        link.ack(1, push.get("seq").asLong());
        await().until(() -> cluster.api().message(answer.messageId()).state().equals("acked"));
        return took;
    }

    @Test
    void aClientWhoseRoomStopsGoesToAnotherAndMissesNothing() {
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        List<String> pushed =
                IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        try (LonglineClient client = client(got)) {
            client.start();
            await().until(() -> cluster.api().user(user).body().path("online").asBoolean());
            String room = cluster.api()
                    .user(user)
                    .body()
                    .get("devices")
                    .get(0)
                    .get("room")
                    .asText();
            for (String text : pushed) {
                if (text.equals("100")) {
                    cluster.cluster().stop(room);
                }
                assertThat(cluster.api().push(user, text).status()).isIn(200, 202);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> got.size() >= pushed.size());
            cluster.cluster().restart(room);
        }
        assertThat(got).isEqualTo(pushed);
    }

    @Test
    void aRestartOfRedisLosesNeitherWhatWaitsNorWhoIsConnected() {
        String away = SharedCluster.fresh("away");
        cluster.api().push(away, "waits");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();

            cluster.cluster().stores().redis().orElseThrow().restart();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> cluster.api().push(user, "after").status() / 100 == 2);
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("after");
        }
        try (JsonLink link = cluster.connect(1, away)) {
            List<JsonNode> pushes = link.frames().pushesUntilCaughtUp();
            assertThat(pushes).hasSize(1);
            assertThat(pushes.getFirst().get("text").asText()).isEqualTo("waits");
        }
    }

    private LonglineClient client(List<String> got) {
        return LonglineClient.builder()
                .dispatcher(cluster.dispatcher().toString())
                .product("demo")
                .user(user)
                .device("phone")
                .token(() -> TestProduct.DEMO.token(user))
                .listener(message -> got.add(String.valueOf(message.text())))
                .build();
    }
}
