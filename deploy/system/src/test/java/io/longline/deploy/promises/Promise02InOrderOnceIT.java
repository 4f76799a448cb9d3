package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.NativeLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Promise 2: an endpoint gets its inbox in order of seq, each message once across reconnects. */
final class Promise02InOrderOnceIT {
    private static final int MESSAGES = 1000;
    private static final List<Integer> WINDOWS = List.of(1, 7, 64);
    private static final List<String> ALL =
            IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    /** A product of each window, and a user with all messages in each of the inboxes. */
    private static final Map<Integer, TestProduct> products = new ConcurrentHashMap<>();

    private static final String USER = SharedCluster.fresh("ordered");
    private static final String DROPPING_USER = SharedCluster.fresh("ordered");

    /** All inboxes at once, each one after the other: four senders are not much slower than one. */
    @BeforeAll
    static void storeAThousandEach() throws Exception {
        for (int window : WINDOWS) {
            products.put(window, cluster.product(Durability.REDIS, window));
        }
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> stored = new ArrayList<>();
            products.values().forEach(product -> stored.add(senders.submit(() -> store(product, USER))));
            stored.add(senders.submit(() -> store(product(64), DROPPING_USER)));
            for (Future<?> each : stored) {
                each.get();
            }
        }
    }

    private static TestProduct product(int window) {
        return Objects.requireNonNull(products.get(window));
    }

    private static void store(TestProduct product, String user) {
        CenterApi api = cluster.api(product, 0);
        for (String text : ALL) {
            assertThat(api.push(user, text).status()).isEqualTo(202);
        }
    }

    @ParameterizedTest
    @FieldSource("WINDOWS")
    void aThousandStoredMessagesArriveInOrderWhateverTheWindow(int window) throws IOException {
        TestProduct product = product(window);
        try (NativeLink link = NativeLink.open(cluster.cluster().room(0))) {
            link.hello(product.id(), USER, "phone", product.token(USER), 0);
            assertThat(read(link, MESSAGES, window)).isEqualTo(ALL);
            await().until(() -> cluster.api(product, 0).pending(USER, "phone") == 0);
        }
    }

    /** It drops after what it handled, with more on the way and part of it not acknowledged, and names the last seq. */
    @Test
    void aClientThatDropsInTheMiddleGoesOnThroughAnotherRoom() throws IOException {
        TestProduct product = product(64);
        List<String> got = new ArrayList<>();
        long handled = 0;
        for (int part = 0; got.size() < MESSAGES; part++) {
            try (NativeLink link = NativeLink.open(cluster.cluster().room(part % 2))) {
                link.hello(product.id(), DROPPING_USER, "phone", product.token(DROPPING_USER), handled);
                int count = Math.min(173, MESSAGES - got.size());
                for (Push push : pushes(link, count, 50)) {
                    assertThat(push.getSeq()).isGreaterThan(handled);
                    handled = push.getSeq();
                    got.add(push.getText());
                }
            }
        }
        assertThat(got).isEqualTo(ALL);
    }

    private static List<String> read(NativeLink link, int count, int ackEach) throws IOException {
        return pushes(link, count, ackEach).stream().map(Push::getText).toList();
    }

    /** Acknowledges after each {@code ackEach} pushes, not necessarily the last. */
    private static List<Push> pushes(NativeLink link, int count, int ackEach) throws IOException {
        List<Push> pushes = new ArrayList<>();
        while (pushes.size() < count) {
            ServerFrame frame = Objects.requireNonNull(link.read(), "the room closed the link");
            if (frame.hasPush()) {
                pushes.add(frame.getPush());
                if (pushes.size() % ackEach == 0) {
                    link.ack(frame.getPush().getSeq());
                }
            } else {
                assertThat(frame.hasWelcome() || frame.hasCaughtUp())
                        .as("%s", frame)
                        .isTrue();
            }
        }
        if (pushes.size() % ackEach != 0 && count == MESSAGES) {
            link.ack(pushes.getLast().getSeq());
        }
        return pushes;
    }
}
