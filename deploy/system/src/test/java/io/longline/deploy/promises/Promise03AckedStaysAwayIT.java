package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 3: after the saver took an ack, or a bind named the seq, the message is not sent again. */
final class Promise03AckedStaysAwayIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("acker");

    private List<Long> storeFive() {
        cluster.connect(0, user).close();
        await().until(() -> !cluster.api().user(user).body().get("online").asBoolean());
        return IntStream.range(0, 5)
                .mapToObj(i ->
                        cluster.api().push(user, "m" + i).result().get("seq").asLong())
                .toList();
    }

    @Test
    void whatWasAcknowledgedIsNotSentAgainWhatWasNotIs() {
        List<Long> seqs = storeFive();
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).hasSize(5);
            link.ack(1, seqs.get(2));
            await().until(() -> cluster.api().pending(user, "phone") == 2);
        }
        try (JsonLink link = cluster.connect(1, user)) {
            assertThat(seqsOf(link)).isEqualTo(seqs.subList(3, 5));
        }
    }

    @Test
    void aSeqNamedByTheBindCountsAsAnAck() {
        List<Long> seqs = storeFive();
        try (JsonLink link = JsonLink.open(cluster.cluster().room(1))) {
            link.helloAfter("demo", user, "phone", TestProduct.DEMO.token(user), seqs.get(3));
            link.frames().next("welcome");
            assertThat(seqsOf(link)).isEqualTo(seqs.subList(4, 5));
        }
        assertThat(cluster.api().pending(user, "phone")).isEqualTo(1);
    }

    @Test
    void anAckBeyondWhatWasSentTakesNothingThatWasNot() {
        List<Long> seqs = storeFive();
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).hasSize(5);
            link.ack(1, seqs.getLast() + 1_000_000_000_000L);
            await().until(() -> cluster.api().pending(user, "phone") == 0);
            String later = cluster.api().push(user, "later").messageId();
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(later);
        }
        try (JsonLink link = cluster.connect(1, user)) {
            assertThat(seqsOf(link)).as("the one behind the false ack").hasSize(1);
        }
    }

    private static List<Long> seqsOf(JsonLink link) {
        return link.frames().pushesUntilCaughtUp().stream()
                .map((JsonNode push) -> push.get("seq").asLong())
                .toList();
    }
}
