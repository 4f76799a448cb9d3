package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.Crowd;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import io.longline.sdk.state.MemoryStateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A product whose messages of topics and broadcasts are collected for a while, on two rooms: set by an operator while all are connected. */
final class MergeWindowsIT {
    private static final int PEOPLE = 40;
    private static final int MESSAGES = 12;
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final TestProduct product = cluster.emptyProduct();
    private final String topic = SharedCluster.fresh("merged");
    private final CenterApi api = cluster.api(product, 0);

    private void window(int windowMs) {
        CenterApi operator = new CenterApi(cluster.cluster().center(0), "admin", DemoProduct.OPERATOR_SECRET);
        Answer changed = operator.exchange(
                "PATCH", "/admin/v1/products/" + product.id(), "{\"merge\":{\"window_ms\":" + windowMs + "}}");
        assertThat(changed.status()).as("%s", changed.body()).isEqualTo(200);
        assertThat(changed.body().at("/merge/window_ms").asInt()).isEqualTo(windowMs);
    }

    private void send(String text) {
        CenterApi center = cluster.api(product, text.hashCode() & 1);
        Answer answer = center.sendToTopic(SharedCluster.fresh("send"), topic, text, "{}");
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    }

    /** The bodies of a frame with messages. */
    private static List<JsonNode> items(JsonNode frame) {
        List<JsonNode> items = new ArrayList<>();
        if (frame.has("push")) {
            items.add(frame.get("push"));
        }
        frame.at("/pushes/items").forEach(items::add);
        return items;
    }

    /** How many frames there were until this text came; each text once, in order. */
    private static int framesUntil(JsonLink link, String last, List<String> texts) {
        int frames = 0;
        while (!texts.contains(last)) {
            JsonNode frame = link.frames().next();
            List<JsonNode> items = items(frame);
            frames += items.isEmpty() ? 0 : 1;
            items.forEach(item -> texts.add(item.get("text").asText()));
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 1_000})
    void allGetEverythingOnceAndInOrderAndWhatComesTogetherIsOneFrame(int windowMs) {
        String watcher = SharedCluster.fresh("watcher");
        String onSdk = SharedCluster.fresh("sdk");
        List<Message> got = new CopyOnWriteArrayList<>();
        Broadcasts broadcasts = cluster.broadcasts(product);
        try (Crowd crowd = Crowd.at(cluster.rooms(), product, SharedCluster.fresh("crowd"), PEOPLE);
                JsonLink link = cluster.connect(1, product, watcher, "phone");
                LonglineClient client = LonglineClient.builder()
                        .dispatcher(cluster.dispatcher().toString())
                        .product(product.id())
                        .user(onSdk)
                        .device("phone")
                        .token(() -> product.token(onSdk))
                        .stateStore(new MemoryStateStore())
                        .listener(got::add)
                        .build()) {
            client.start();
            await().atMost(SOON)
                    .until(() -> api.user(onSdk).body().path("online").asBoolean());
            List<String> all = new ArrayList<>(crowd.users());
            all.add(watcher);
            all.add(onSdk);
            all.forEach(user -> assertThat(api.follow(user, topic).status()).isEqualTo(200));
            link.frames().skipTo("subscribed", "caught_up");
            window(windowMs);
            send("first");
            crowd.awaitAll("first");
            List<String> texts = new ArrayList<>();
            int _ = framesUntil(link, "first", texts);
            if (windowMs == 1_000) {
                awaitTogether(link);
            }
            texts.clear();

            List<String> sent = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                sent.add("m" + i);
                send("m" + i);
            }
            int frames = framesUntil(link, "m" + (MESSAGES - 1), texts);
            assertThat(texts).isEqualTo(sent);
            if (windowMs == 0) {
                assertThat(frames).isEqualTo(MESSAGES);
            }
            String job = broadcasts.begin("to all", "");
            broadcasts.awaitState(job, "done");
            broadcasts.awaitJob(job, now -> now.get("sent").asInt() == all.size());

            crowd.awaitAll("to all");
            crowd.awaitAll("m" + (MESSAGES - 1));
            for (String user : crowd.users()) {
                List<String> ofTopic = crowd.arrivals().textsOf(user).stream()
                        .filter(text -> text.startsWith("m"))
                        .toList();
                assertThat(ofTopic).isEqualTo(sent);
            }
            assertThat(crowd.arrivals().of("to all").times().values()).containsOnly(1L);
            assertThat(crowd.complaints()).isEmpty();
            await().atMost(SOON)
                    .until(() -> got.stream().map(Message::text).toList().contains("to all"));
            await().atMost(SOON)
                    .until(() -> got.stream().map(Message::text).toList().contains("m" + (MESSAGES - 1)));
            assertThat(got.stream().map(Message::text).filter(text -> text != null && text.startsWith("m")))
                    .containsExactlyElementsOf(sent);
        }
    }

    /** The room has heard of the window when two that are sent one after the other come as one. */
    private void awaitTogether(JsonLink link) {
        await().atMost(SOON).until(() -> {
            String last = SharedCluster.fresh("twin");
            send(last + "-a");
            send(last + "-b");
            return framesUntil(link, last + "-b", new ArrayList<>()) == 1;
        });
    }
}
