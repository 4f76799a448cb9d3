package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.HookServer;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import io.longline.deploy.kit.TestProduct;
import io.longline.sdk.LonglineClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 12: the last presence event of an endpoint agrees with the truth, whoever is killed, and older generations never come after newer ones. */
@Tag("faults")
final class Promise12PresenceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CLIENTS = 8; // so many that there are some at each room

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final TestProduct product = faults.product();
    private final HookServer backEnd = new HookServer();
    private final List<Person> people =
            Stream.generate(Person::new).limit(CLIENTS).toList();

    /** Somebody who comes and goes. */
    private final class Person {
        final String user = SharedCluster.fresh("person");

        @Nullable
        LonglineClient client;

        void comes() {
            LonglineClient coming = LonglineClient.builder()
                    .dispatcher(faults.cluster().dispatcher().toString())
                    .product(product.id())
                    .user(user)
                    .device("phone")
                    .token(() -> product.token(user))
                    .heartbeatSeconds(2)
                    .listener(_ -> {})
                    .build();
            client = coming;
            coming.start();
        }

        void goes() {
            LonglineClient going = client;
            if (going != null) {
                going.close();
            }
            client = null;
        }

        /** By what the back end was told last. */
        boolean isToldTruly() {
            List<JsonNode> events = backEnd.eventsOf(user);
            String last = events.isEmpty()
                    ? "presence.offline"
                    : events.getLast().path("type").asText();
            return last.equals(client == null ? "presence.offline" : "presence.online");
        }
    }

    @BeforeEach
    void start() {
        CenterApi operator = new CenterApi(faults.cluster().centers().getFirst(), "admin", DemoProduct.OPERATOR_SECRET);
        Answer quick = operator.exchange(
                "PATCH", "/admin/v1/products/" + product.id(), "{\"presence\":{\"debounce_ms\":500}}");
        assertThat(quick.status()).isEqualTo(200);
        backEnd.serveKind(operator, faults.api(product, 0), product.id(), "presence");
    }

    @AfterEach
    void stop() {
        people.forEach(Person::goes);
        backEnd.close();
    }

    private void awaitTruth() {
        await().atMost(PATIENCE)
                .until(
                        () -> people.stream()
                                .filter(person -> !person.isToldTruly())
                                .toList(),
                        List::isEmpty);
    }

    /** Every second one changes, by turns. */
    private void change(int turn) {
        for (int i = turn % 2; i < CLIENTS; i += 2) {
            if (people.get(i).client == null) {
                people.get(i).comes();
            } else {
                people.get(i).goes();
            }
        }
    }

    @Test
    void theLastEventOfEachAgreesWithTheTruthThoughAnyProcessIsKilled() {
        people.forEach(Person::comes);
        awaitTruth();

        int turn = 0;
        for (String victim : List.of("coordinator-1", "register-1", "room-1")) {
            faults.cluster().part(victim).kill();
            change(turn++);
            faults.cluster().part(victim).restart();
            change(turn++);
        }
        change(0);

        awaitTruth();
        people.forEach(person -> assertGenerationsNeverFall(backEnd.eventsOf(person.user)));
        assertTheLogAndTheSnapshotAgree();
    }

    private static void assertGenerationsNeverFall(List<JsonNode> events) {
        long newest = 0;
        for (JsonNode event : events) {
            long generation = event.path("generation").asLong();
            assertThat(generation).as("%s in %s", event, events).isGreaterThanOrEqualTo(newest);
            newest = generation;
        }
    }

    private void assertTheLogAndTheSnapshotAgree() {
        Set<String> there = new HashSet<>();
        people.stream().filter(person -> person.client != null).forEach(person -> there.add(person.user));
        CenterApi api = faults.api(product, 0);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(onlineBy(api.get("/v1/presence?limit=999"), new HashSet<>()))
                        .isEqualTo(there));

        Answer snapshot = await().atMost(PATIENCE)
                .until(() -> api.get("/v1/presence/snapshot"), answer -> answer.status() == 200);
        Set<String> online = new HashSet<>();
        snapshot.body()
                .path("items")
                .forEach(item -> online.add(item.path("user").asText()));
        Answer since = api.get("/v1/presence?after=" + snapshot.body().path("as_of"));
        assertThat(onlineBy(since, online)).isEqualTo(there);
    }

    private static Set<String> onlineBy(Answer events, Set<String> before) {
        assertThat(events.status()).isEqualTo(200);
        for (JsonNode event : events.body().path("items")) {
            String user = event.path("user").asText();
            if (event.path("type").asText().equals("presence.online")) {
                before.add(user);
            } else {
                before.remove(user);
            }
        }
        return before;
    }
}
