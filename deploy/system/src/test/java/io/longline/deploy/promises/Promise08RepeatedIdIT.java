package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 8: the same message_id within 24 h has no second effect. (After a restart: {@code UpIT}.) */
final class Promise08RepeatedIdIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("repeated");
    private final String id = SharedCluster.fresh("id");

    @Test
    void aRepeatGetsTheCurrentAnswerAndSendsNothing() {
        Answer first = cluster.api().pushWithId(id, user, "once", "{}");
        Answer second = cluster.api(TestProduct.DEMO, 1).pushWithId(id, user, "once", "{}");
        assertThat(first.header("Idempotent-Replay")).isEmpty();
        assertThat(second.header("Idempotent-Replay")).isEqualTo("true");
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertArrivesOnce();
        Answer third = cluster.api().pushWithId(id, user, "once", "{\"wait_ms\":5000}");
        assertThat(third.status()).as("current, and wait_ms plays no part").isEqualTo(200);
        assertThat(third.state()).isEqualTo("acked");
    }

    @Test
    void repeatsInParallelThroughAllCentersAreOneMessage() {
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> cluster.api(TestProduct.DEMO, i % 2).pushWithId(id, user, "once", "{}")))
                .toList();
        List<Long> seqs = answers.stream()
                .map(answer -> answer.join().result().get("seq").asLong())
                .distinct()
                .toList();
        assertThat(seqs).hasSize(1);
        assertArrivesOnce();
    }

    @Test
    void theSameIdWithAnotherBodyIsAConflict() {
        cluster.api().pushWithId(id, user, "once", "{}");
        Answer other = cluster.api().pushWithId(id, user, "something else", "{}");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.reason()).isEqualTo("IDEMPOTENCY_CONFLICT");
        assertThat(cluster.api().pushWithId(id, user, "once", "{\"ttl_s\":60}").status())
                .isEqualTo(409);
        assertThat(cluster.api()
                        .pushWithId(id, user, "once", "{\"ttl_s\":86400}")
                        .header("Idempotent-Replay"))
                .as("the default, written out, is the same body")
                .isEqualTo("true");
        assertArrivesOnce();
    }

    private void assertArrivesOnce() {
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp())
                    .hasSize(1)
                    .allSatisfy(push -> link.ack(1, push.get("seq").asLong()));
            await().until(() -> cluster.api().message(id).state().equals("acked"));
        }
    }
}
