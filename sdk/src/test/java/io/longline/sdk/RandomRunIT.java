package io.longline.sdk;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.frames.CloseCode;
import io.longline.sdk.state.FileStateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client behind a network that cuts it off, wherever in a frame, with a room that sends it away, a dispatcher that is away, an app that
 * fails and one that is restarted: each message reaches the app once, in the order of its inbox, topic or broadcasts, and each that has to be pulled is pulled once. The seed is printed; {@code -Dlongline.test.seed} gives it.
 */
class RandomRunIT extends ClientSetup {
    private static final long FIRST = 1769472000001024L;
    private static final int CUTS = Boolean.getBoolean("longline.test.long") ? 2_000 : 60;

    private final long seed = Long.getLong("longline.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Random appsRandom = new Random(seed);
    private final List<Long> pulled = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> got = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, List<Long>> gotOfTopics = Map.of(
            ModelRoom.TOPIC, Collections.synchronizedList(new ArrayList<>()),
            ModelRoom.BROADCASTS, Collections.synchronizedList(new ArrayList<>()));
    private long seq = FIRST;
    private long offset = FIRST;

    RandomRunIT() throws IOException {}

    private LonglineClient client() {
        LonglineClient client = started(builder(new FileStateStore(folder.resolve("state")))
                .listener(message -> {
                    throwSometimes();
                    String topic = message.topic();
                    if (topic == null) {
                        got.add(message.seq());
                    } else {
                        gotOf(topic).add(message.offset());
                    }
                })
                .pullHook(message -> {
                    throwSometimes();
                    pulled.add(message.seq());
                    return PullHook.Answer.DONE;
                }));
        client.topics().follow(ModelRoom.TOPIC);
        return client;
    }

    private List<Long> gotOf(String topic) {
        return requireNonNull(gotOfTopics.get(topic));
    }

    private void throwSometimes() throws IOException {
        if (appsRandom.nextInt(100) == 0) {
            throw new IOException("the app is not ready");
        }
    }

    @Test
    void eachMessageReachesTheAppOnceAndInOrder() throws Exception {
        System.out.println("RandomRunIT seed " + seed);
        try (ModelRoom model = new ModelRoom();
                CuttingProxy proxy = new CuttingProxy(model.port(), random)) {
            dispatcher.rooms(proxy.address());
            LonglineClient client = client();
            while (proxy.cuts() < CUTS) {
                client = happen(model, client);
            }
            proxy.heal();
            dispatcher.status(200, 0);
            model.end(CloseCode.GOING_AWAY, 0);
            await().atMost(Duration.ofMinutes(1)).until(() -> model.acked() == seq);

            List<Long> toPull =
                    model.stored().stream().filter(ModelRoom::isNotice).toList();
            await().until(() -> pulled.size() >= toPull.size());
            for (String topic : gotOfTopics.keySet()) {
                await().until(() ->
                        gotOf(topic).size() >= model.published(topic).size());
                assertThat(gotOf(topic)).as("seed %d, %s", seed, topic).isEqualTo(model.published(topic));
            }
            assertThat(pulled).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(toPull);
            assertThat(got)
                    .as("seed %d", seed)
                    .isEqualTo(model.stored().stream()
                            .filter(one -> !ModelRoom.isNotice(one))
                            .toList());
        }
    }

    private LonglineClient happen(ModelRoom model, LonglineClient client) {
        for (int i = random.nextInt(20); i > 0; i--) {
            seq += 1 + random.nextInt(3);
            model.store(seq);
        }
        for (int i = random.nextInt(10); i > 0; i--) {
            offset += 1 + random.nextInt(3);
            model.publish(random.nextBoolean() ? ModelRoom.TOPIC : ModelRoom.BROADCASTS, offset);
        }
        switch (random.nextInt(40)) {
            case 0 -> model.end(CloseCode.GOING_AWAY, 0);
            case 1 -> model.end(CloseCode.OVERLOADED, random.nextInt(30));
            case 2 -> model.end(CloseCode.NEVER_ACKNOWLEDGES, random.nextInt(30));
            case 3 -> dispatcher.status(503, 0);
            case 4 -> dispatcher.status(200, 0);
            case 5 -> {
                client.close(); // in order: what it has handed over is recorded
                return client();
            }
            default ->
                await().pollDelay(Duration.ofMillis(1 + random.nextInt(20))).until(() -> true);
        }
        return client;
    }
}
