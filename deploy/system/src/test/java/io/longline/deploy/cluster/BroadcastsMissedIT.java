package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import io.longline.sdk.state.MemoryStateStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What of broadcasts comes to those who were away, and where new devices begin. */
final class BroadcastsMissedIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final TestProduct product = cluster.emptyProduct();
    private final Broadcasts broadcasts = cluster.broadcasts(product);
    private final String user = SharedCluster.fresh("hearer");

    private JsonLink connected(int room, String device) {
        JsonLink link = cluster.connect(room, product, user, device);
        link.frames().next("caught_up");
        return link;
    }

    /** Whatever comes first is not read yet. */
    private JsonLink connectedAgain(int room) {
        return cluster.connect(room, product, user, "phone");
    }

    private void awaitOnline(boolean online) {
        await().atMost(SOON)
                .until(() ->
                        cluster.api(product, 0).user(user).body().path("online").asBoolean() == online);
    }

    private static String text(JsonNode push) {
        return push.get("text").asText();
    }

    /** It may come before or after what waited. */
    private static JsonNode nextPush(JsonLink link) {
        return link.frames().skipTo("push", "caught_up");
    }

    private static String firstOf(JsonLink link) {
        try (link) {
            return text(nextPush(link));
        }
    }

    /** Nothing that was broadcast is on its way: what is sent to the user alone comes next. */
    private void assertNothingElseComes(JsonLink link) {
        String direct = cluster.api(product, 0).push(user, "direct").messageId();
        assertThat(nextPush(link).get("message_id").asText()).isEqualTo(direct);
    }

    private LonglineClient app(MemoryStateStore store, List<Message> got) {
        return LonglineClient.builder()
                .dispatcher(cluster.dispatcher().toString())
                .product(product.id())
                .user(user)
                .device("phone")
                .token(() -> product.token(user))
                .stateStore(store)
                .listener(got::add)
                .build();
    }

    @Test
    void whoWasAwayGetsItOnceUntilItsTimeToLiveIsOver() {
        connected(0, "phone").close();
        awaitOnline(false);
        broadcasts.begin("brief", ",\"topic\":\"*brief\",\"options\":{\"ttl_s\":1}");
        long expired = System.currentTimeMillis() + 1_500;
        broadcasts.toTheEnd("lasting", ",\"options\":{\"ttl_s\":600}");
        await().until(() -> System.currentTimeMillis() > expired);

        try (JsonLink link = connectedAgain(1)) {
            JsonNode push = nextPush(link);
            assertThat(text(push)).isEqualTo("lasting");
            assertNothingElseComes(link);
        }
    }

    @Test
    void aDeviceThatWasNeverSeenBeginsWithWhatIsBroadcastNext() {
        broadcasts.toTheEnd("before", "");
        try (JsonLink link = connected(0, "phone")) {
            broadcasts.begin("after", "");
            assertThat(text(link.frames().next("push"))).isEqualTo("after");
        }
        broadcasts.toTheEnd("in another topic", ",\"topic\":\"*other\"");
        try (JsonLink fresh = connected(1, "tablet")) {
            assertNothingElseComes(fresh);
        }
    }

    @Test
    void whatWasAcknowledgedIsNotSentAgainAndTheRestIsInOrder() {
        try (JsonLink link = connected(0, "phone")) {
            String job = broadcasts.begin("first", "");
            link.ackTopic("*", link.frames().next("push").get("offset").asLong());
            broadcasts.awaitJob(job, now -> now.get("acked").asInt() == 1);
        }
        broadcasts.toTheEnd("second", "");
        broadcasts.toTheEnd("third", "");
        // The room that was left may still have to tell how far it was.
        await().atMost(SOON).until(() -> "second".equals(firstOf(connectedAgain(1))));
        try (JsonLink link = connectedAgain(0)) {
            assertThat(text(nextPush(link))).isEqualTo("second");
            JsonNode third = nextPush(link);
            assertThat(text(third)).isEqualTo("third");
            link.ackTopic("*", third.get("offset").asLong());
        }
    }

    @Test
    void anAppOnTheSdkGetsEachOnceAlsoThoseOfTheTimeInWhichItWasAway() {
        List<Message> got = new CopyOnWriteArrayList<>();
        MemoryStateStore store = new MemoryStateStore();
        try (LonglineClient client = app(store, got)) {
            client.start();
            awaitOnline(true);
            broadcasts.begin("one", "");
            await().atMost(SOON).until(() -> got.size() == 1);
        }
        broadcasts.toTheEnd("two", "");
        broadcasts.toTheEnd("storm", ",\"topic\":\"*urgent\"");
        try (LonglineClient client = app(store, got)) {
            client.start();
            await().atMost(SOON).until(() -> got.size() >= 3);
            broadcasts.begin("three", "");
            await().atMost(SOON).until(() -> got.size() >= 4);
        }
        assertThat(got).extracting(Message::text).containsExactlyInAnyOrder("one", "two", "storm", "three");
        assertThat(got)
                .filteredOn(message -> "*".equals(message.topic()))
                .extracting(Message::text)
                .containsExactly("one", "two", "three");
        assertThat(got).noneMatch(Message::maybeRepeated);
    }
}
