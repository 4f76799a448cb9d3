package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a product and its users may be sent, set by an operator and counted by all centers together. */
@Timeout(120)
final class SendLimitsIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private static final long RATE = 20;
    private static final int CENTERS = 2;

    private final String user = SharedCluster.fresh("user");

    private static TestProduct limited(String... limits) {
        TestProduct product = cluster.product(Durability.REDIS, 8);
        List<String> command = new ArrayList<>(List.of("product", "set", product.id()));
        command.addAll(List.of(limits));
        assertThat(Commands.run(command.toArray(String[]::new)).exitCode()).isZero();
        return product;
    }

    private List<Answer> pushUntil(CenterApi api, long endNanos) {
        List<Answer> answers = new ArrayList<>();
        while (endNanos - System.nanoTime() > 0) {
            answers.add(api.push(user, "x"));
        }
        return answers;
    }

    @Test
    void twoCentersShareOneRate() {
        TestProduct product = limited("limits.rate_per_s=" + RATE);
        for (int center = 0; center < CENTERS; center++) {
            CenterApi api = cluster.api(product, center);
            await().pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> api.push(user, "x").status() == 429);
        }
        int seconds = 5;
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        List<CompletableFuture<List<Answer>>> pushing = Stream.of(0, 1, 0, 1)
                .map(center -> CompletableFuture.supplyAsync(
                        () -> pushUntil(cluster.api(product, center), end), Thread::startVirtualThread))
                .toList();
        List<Answer> answers =
                pushing.stream().flatMap(each -> each.join().stream()).toList();
        double took = (System.nanoTime() - begin) / 1e9;

        List<Answer> refused =
                answers.stream().filter(answer -> answer.status() == 429).toList();
        long sent = answers.stream().filter(answer -> answer.status() == 202).count();
        assertThat(sent + refused.size()).isEqualTo(answers.size());
        assertThat(sent).isBetween(RATE * seconds / 2, (long) (RATE * (took + 1 + CENTERS / 10.0)) + 1);
        assertThat(refused).hasSizeGreaterThan(10).allSatisfy(answer -> {
            assertThat(answer.reason()).isEqualTo("PRODUCT_RATE_EXCEEDED");
            assertThat(answer.body().at("/error/message").asText())
                    .isEqualTo("product " + product.id() + " is over " + RATE + " messages/s");
            assertThat(answer.body().at("/error/retry_after_ms").asLong()).isBetween(1L, 1000L);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        });
    }

    @Test
    void aUserIsSentSoManyMessagesByAllCentersTogether() {
        TestProduct product = limited("limits.user_messages_per_day=3");
        CenterApi first = cluster.api(product, 0);
        CenterApi second = cluster.api(product, 1);
        for (CenterApi api : List.of(first, second)) { // until it knows of the limit
            await().until(() -> {
                String probe = SharedCluster.fresh("probe");
                return Stream.of(1, 2, 3, 4).map(_ -> api.push(probe, "x")).anyMatch(answer -> answer.status() == 429);
            });
        }

        assertThat(first.push(user, "1").status()).isEqualTo(202);
        assertThat(second.push(user, "2").status()).isEqualTo(202);
        assertThat(first.push(user, "3").status()).isEqualTo(202);
        Answer over = second.push(user, "4");
        assertThat(over.status()).isEqualTo(429);
        assertThat(over.reason()).isEqualTo("USER_RATE_EXCEEDED");
        assertThat(over.body().at("/error/message").asText()).isEqualTo("user " + user + " is over 3 messages a day");
        assertThat(Long.parseLong(over.header("Retry-After"))).isBetween(1L, 86_400L);
        Answer list = first.post(
                "/v1/messages:multicast",
                "{\"targets\":[{\"user\":\"%s\"},{\"user\":\"%s\"}],\"payload\":\"x\"}"
                        .formatted(user, SharedCluster.fresh("other")));
        assertThat(list.status()).isEqualTo(202);
        assertThat(list.body().at("/results/0/error/reason").asText()).isEqualTo("USER_RATE_EXCEEDED");
        assertThat(list.body().at("/results/1/status").asText()).isEqualTo("stored");
    }
}
