package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.NativeLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import io.longline.sdk.state.MemoryStateStore;
import io.longline.v1.Ack;
import io.longline.v1.ClientFrame;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who gets a broadcast, and how often, through the whole cluster. Nobody's token allows any topic. */
final class BroadcastsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final TestProduct product = cluster.emptyProduct();
    private final Broadcasts broadcasts = cluster.broadcasts(product);
    private final String user = SharedCluster.fresh("hearer");

    private JsonLink connected(int room) {
        return connected(room, "phone");
    }

    private JsonLink connected(int room, String device) {
        JsonLink link = cluster.connect(room, product, user, device);
        link.frames().next("caught_up");
        return link;
    }

    private static String text(JsonNode push) {
        return push.get("text").asText();
    }

    private LonglineClient app(String name, List<Message> got) {
        return LonglineClient.builder()
                .dispatcher(cluster.dispatcher().toString())
                .product(product.id())
                .user(name)
                .device("phone")
                .token(() -> product.token(name))
                .stateStore(new MemoryStateStore())
                .listener(got::add)
                .build();
    }

    private void awaitOnline(String name) {
        await().atMost(SOON)
                .until(() ->
                        cluster.api(product, 0).user(name).body().path("online").asBoolean());
    }

    // ---- who is there ----

    @Test
    void everyDeviceGetsItOnceOnWhateverLinkAndItsJobCountsThem() throws IOException {
        String app = SharedCluster.fresh("app");
        List<Message> got = new CopyOnWriteArrayList<>();
        try (JsonLink phone = connected(0);
                JsonLink tablet = connected(1, "tablet");
                NativeLink lean = NativeLink.open(cluster.cluster().room(1));
                LonglineClient client = app(app, got)) {
            String other = SharedCluster.fresh("hearer");
            lean.hello(product.id(), other, "phone", product.token(other), 0);
            assertThat(read(lean).getWelcome().getBound(0).getOk()).isTrue();
            client.start();
            awaitOnline(app);

            String job = broadcasts.begin("to all", ",\"options\":{\"ttl_s\":600,\"priority\":\"high\"}");

            for (JsonLink link : List.of(phone, tablet)) {
                JsonNode push = link.frames().next("push");
                assertThat(text(push)).isEqualTo("to all");
                assertThat(push.get("topic").asText()).isEqualTo("*");
                assertThat(push.get("qos").asInt()).isEqualTo(1);
                assertThat(push.get("priority").asText()).isEqualTo("high");
                assertThat(push.get("ttl_ms").asLong()).isBetween(1L, 600_000L);
                assertThat(push.has("seq")).isFalse();
                link.ackTopic("*", push.get("offset").asLong());
            }
            Push push = push(lean);
            assertThat(push.getText()).isEqualTo("to all");
            lean.say(ClientFrame.newBuilder()
                    .setAck(Ack.newBuilder().setRef(1).setTopic("*").setOffset(push.getOffset()))
                    .build());
            await().atMost(SOON).until(() -> got.size() == 1);
            assertThat(got.getFirst().topic()).isEqualTo("*");

            JsonNode done = broadcasts.awaitState(job, "done");
            assertThat(done.get("offset").asLong()).isEqualTo(push.getOffset());
            assertThat(done.get("targeted").asInt()).isEqualTo(4);
            assertThat(done.get("sent").asInt()).isEqualTo(4);
            assertThat(done.get("skipped").asInt()).isZero();
            assertThat(done.get("per_room").size()).isEqualTo(2);
            assertThat(Broadcasts.inRooms(done, "targeted")).isEqualTo(4);
            assertThat(Broadcasts.inRooms(done, "left")).isZero();
            JsonNode acked = broadcasts.awaitJob(job, now -> now.get("acked").asInt() == 4);
            assertThat(cluster.api(product, 1)
                            .message(acked.get("message_id").asText())
                            .state())
                    .isEqualTo("acked");
            assertThat(phone.frames().isEmpty()).isTrue();
            assertThat(tablet.frames().isEmpty()).isTrue();
            assertThat(got).hasSize(1);
        }
    }

    private static Push push(NativeLink link) throws IOException {
        ServerFrame frame = read(link);
        while (frame.hasCaughtUp()) {
            frame = read(link);
        }
        assertThat(frame.hasPush()).as("%s", frame).isTrue();
        return frame.getPush();
    }

    private static ServerFrame read(NativeLink link) throws IOException {
        @Nullable ServerFrame frame = link.read();
        if (frame == null) {
            throw new AssertionError("the room closed the link");
        }
        return frame;
    }

    /** Promise 4. */
    @Test
    void usersOfAnotherProductWithTheSameNamesGetNothing() {
        TestProduct other = cluster.emptyProduct();
        try (JsonLink ours = connected(0);
                JsonLink theirs = cluster.connect(0, other, user, "phone")) {
            theirs.frames().next("caught_up");
            String job = broadcasts.begin("ours", "");
            assertThat(text(ours.frames().next("push"))).isEqualTo("ours");
            broadcasts.awaitState(job, "done");

            assertThat(cluster.api(other, 0).job(job).status()).isEqualTo(404);
            cluster.api(other, 0).push(user, "theirs");
            assertThat(text(theirs.frames().next("push"))).isEqualTo("theirs");
        }
    }

    // ---- what clients may say ----

    @Test
    void aClientMayNameItsPlaceAndCannotLeave() {
        try (JsonLink link = connected(0)) {
            broadcasts.toTheEnd("first", "");
            broadcasts.toTheEnd("second", "");
            long first = link.frames().next("push").get("offset").asLong();
            assertThat(text(link.frames().next("push"))).isEqualTo("second");

            link.unsubscribe("*");
            JsonNode refused = link.frames().next("error");
            assertThat(refused.get("topic").asText()).isEqualTo("*");
            assertThat(refused.get("reason").asText()).isEqualTo("INVALID_ARGUMENT");

            link.subscribe("*", ",\"last\":1");
            assertThat(link.frames().next("subscribed").get("offset").asLong()).isGreaterThanOrEqualTo(first);
            assertThat(text(link.frames().next("push"))).isEqualTo("second");

            try (JsonLink next = JsonLink.open(cluster.cluster().room(1))) {
                next.say(("{\"hello\":{\"device\":\"phone\",\"bind\":[{\"ref\":1,\"product\":\"%s\",\"user\":\"%s\","
                                + "\"token\":\"%s\",\"topics\":[{\"topic\":\"*\",\"after\":%d,\"resume\":true},"
                                + "{\"topic\":\"*never\",\"after\":%d,\"resume\":true}]}]}}")
                        .formatted(product.id(), user, product.token(user), first, first));
                next.frames().next("welcome");
                assertThat(text(next.frames().skipTo("push", "caught_up", "subscribed")))
                        .isEqualTo("second");
            }
        }
    }

    @Test
    void listenPrintsIt() {
        CompletableFuture<Commands.Run> listening = CompletableFuture.supplyAsync(
                () -> Commands.run("listen", "--product", product.id(), "--user", user, "--count", "1"));
        awaitOnline(user);

        JsonNode done = broadcasts.toTheEnd("hear, hear", "");

        Commands.Run listen = listening.join();
        assertThat(listen.exitCode()).as(listen.err()).isZero();
        assertThat(listen.out())
                .contains("\"text\":\"hear, hear\"", "\"topic\":\"*\"", "\"offset\":" + done.get("offset"));
    }
}
