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
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 2: an endpoint gets its inbox in order of seq, each message once across reconnects. */
final class Promise02InOrderOnceIT {
    private static final int MESSAGES = 1000;
    private static final List<String> ALL =
            IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("ordered");

    private TestProduct store(int window) {
        TestProduct product = cluster.product(Durability.REDIS, window);
        CenterApi api = cluster.api(product, 0);
        for (String text : ALL) {
            assertThat(api.push(user, text).status()).isEqualTo(202);
        }
        return product;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64})
    void aThousandStoredMessagesArriveInOrderWhateverTheWindow(int window) throws IOException {
        TestProduct product = store(window);
        try (NativeLink link = NativeLink.open(cluster.cluster().room(0))) {
            link.hello(product.id(), user, "phone", product.token(user), 0);
            assertThat(read(link, MESSAGES, window)).isEqualTo(ALL);
            await().until(() -> cluster.api(product, 0).pending(user, "phone") == 0);
        }
    }

    /** It drops after what it handled, with more on the way and part of it not acknowledged, and names the last seq. */
    @Test
    void aClientThatDropsInTheMiddleGoesOnThroughAnotherRoom() throws IOException {
        TestProduct product = store(64);
        List<String> got = new ArrayList<>();
        long handled = 0;
        for (int part = 0; got.size() < MESSAGES; part++) {
            try (NativeLink link = NativeLink.open(cluster.cluster().room(part % 2))) {
                link.hello(product.id(), user, "phone", product.token(user), handled);
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
