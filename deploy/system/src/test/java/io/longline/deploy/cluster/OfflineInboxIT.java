package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pushes to users who are not there, or were never seen. */
final class OfflineInboxIT {
    /** How often a push and a first bind race each other. */
    private static final int RACES = Boolean.getBoolean("longline.test.long") ? 500 : 60;

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("offline");

    @Test
    void aPushToAKnownUserWhoIsAwayIsStoredAndArrivesBeforeCaughtUp() {
        cluster.connect(0, user).close();
        await().until(() -> !cluster.api().user(user).body().get("online").asBoolean());

        Answer answer = cluster.api().push(user, "later");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.state()).isEqualTo("stored");
        assertThat(answer.result().get("device").asText()).isEqualTo("phone");
        assertThat(cluster.api().pending(user, "phone")).isEqualTo(1);
        try (JsonLink link = cluster.connect(1, user)) {
            List<JsonNode> pushes = link.frames().pushesUntilCaughtUp();
            assertThat(pushes).hasSize(1);
            link.ack(1, pushes.getFirst().get("seq").asLong());
            await().until(() ->
                    cluster.api().message(answer.messageId()).state().equals("acked"));
            assertThat(cluster.api().pending(user, "phone")).isZero();
        }
    }

    @Test
    void aPushToAUserNeverSeenWaitsInDefaultAndTheFirstDeviceGetsItOnce() {
        assertThat(cluster.api().user(user).reason()).isEqualTo("USER_NOT_FOUND");
        Answer answer = cluster.api().push(user, "welcome");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.result().get("device").asText()).isEqualTo("default");

        try (JsonLink first = cluster.connect(0, TestProduct.DEMO, user, "first")) {
            List<JsonNode> pushes = first.frames().pushesUntilCaughtUp();
            assertThat(pushes).hasSize(1);
            try (JsonLink second = cluster.connect(1, TestProduct.DEMO, user, "second")) {
                assertThat(second.frames().pushesUntilCaughtUp()).isEmpty();
            }
            first.ack(1, pushes.getFirst().get("seq").asLong());
            await().until(() ->
                    cluster.api().message(answer.messageId()).state().equals("acked"));
        }
    }

    /** The push expands to {@code default} while the device takes it over, before it, or after it. */
    @Test
    void aPushAndAFirstBindAtTheSameMomentMeetExactlyOnce() throws Exception {
        for (int race = 0; race < RACES; race++) {
            String racer = SharedCluster.fresh("racer");
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
                meet(start);
                return cluster.api().push(racer, "race");
            });
            try (JsonLink link = JsonLink.open(cluster.cluster().room(race % 2))) {
                meet(start);
                link.hello("demo", racer, "phone", TestProduct.DEMO.token(racer));
                link.frames().next("welcome");
                JsonNode push = firstPush(link);
                assertThat(push.get("message_id").asText())
                        .isEqualTo(answer.join().messageId());
                link.ack(1, push.get("seq").asLong());
                await().until(() ->
                        cluster.api().message(answer.join().messageId()).state().equals("acked"));
                assertThat(cluster.api().pending(racer, "phone"))
                        .as("race %d", race)
                        .isZero();
            }
            try (JsonLink again = cluster.connect(0, racer)) {
                assertThat(again.frames().pushesUntilCaughtUp())
                        .as("race %d", race)
                        .isEmpty();
            }
        }
    }

    private static JsonNode firstPush(JsonLink link) {
        List<JsonNode> loaded = link.frames().pushesUntilCaughtUp();
        return loaded.isEmpty() ? link.frames().next("push") : loaded.getFirst();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsStoredForSeveralDevicesWaitsForEachOfThem() {
        Set<String> devices = Set.of("one", "two", "three");
        devices.forEach(
                device -> cluster.connect(0, TestProduct.DEMO, user, device).close());
        await().until(() -> !cluster.api().user(user).body().get("online").asBoolean());
        Answer answer = cluster.api().push(user, "to all");
        assertThat(answer.body().get("results")).hasSize(3);
        Set<String> got = new HashSet<>();
        for (String device : devices) {
            try (JsonLink link = cluster.connect(1, TestProduct.DEMO, user, device)) {
                List<JsonNode> pushes = link.frames().pushesUntilCaughtUp();
                assertThat(pushes).hasSize(1);
                link.ack(1, pushes.getFirst().get("seq").asLong());
                got.add(device);
                await().until(() -> cluster.api().pending(user, device) == 0);
            }
        }
        assertThat(got).isEqualTo(devices);
        assertThat(cluster.api().message(answer.messageId()).state()).isEqualTo("acked");
    }

    @Test
    void pushesOfOneBackEndAreInOneOrder() {
        List<Long> seqs = IntStream.range(0, 20)
                .mapToObj(i ->
                        cluster.api().push(user, "n" + i).result().get("seq").asLong())
                .toList();
        assertThat(seqs).isSorted().doesNotHaveDuplicates();
    }
}
