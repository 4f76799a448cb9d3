package io.longline.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.bench.push.TestCenter;
import io.longline.bench.rig.BackEnd.Sent;
import io.longline.bench.rig.PacedPushes.Answers;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.cluster.ClusterException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who pushes at a steady rate, and a center that refuses or is slow. */
@Timeout(30)
final class SendersIT {
    private static final Tenant TENANT = new Tenant("product", "secret", "", false);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static String refusedOnce(int number) {
        return TestCenter.answer(number == 0 ? "503 Service Unavailable" : "202 Accepted");
    }

    @Test
    void aBackEndSendsAgainWhatIsRefusedAndItsTimeCountsFromWhenItWasDue() throws IOException {
        try (TestCenter center = new TestCenter(SendersIT::refusedOnce);
                BackEnd backEnd = new BackEnd(center.uri(), TENANT, 100)) {
            Sent sent = backEnd.push(3, 20, SECOND);

            assertThat(sent.pushes()).isEqualTo(20);
            assertThat(sent.refused()).isEqualTo(1);
            assertThat(sent.givenUp()).isZero();
            assertThat(sent.answeredUs().getTotalCount()).isEqualTo(20);
            assertThat(sent.answeredUs().getMaxValue()).isGreaterThan(190_000);
            assertThat(center.requests()).hasSize(21);
            assertThat(Set.copyOf(center.requests())).hasSize(20); // what was refused came again as it was
        }
    }

    @Test
    void aBackEndSendsWhatIsDueWhileNothingIsAnswered() throws IOException {
        CountDownLatch all = new CountDownLatch(20);
        try (TestCenter center = new TestCenter(_ -> {
                    all.countDown();
                    awaitUninterruptibly(all);
                    return TestCenter.answer("202 Accepted");
                });
                BackEnd backEnd = new BackEnd(center.uri(), TENANT, 100)) {
            Sent sent = backEnd.push(3, 20, SECOND);

            assertThat(sent.refused()).isZero();
            assertThat(sent.answeredUs().getTotalCount()).isEqualTo(20);
            assertThat(sent.answeredUs().getMaxValue()).isGreaterThan(900_000); // the first one's, due a second before
        }
    }

    @Test
    void aBackEndPublishesToATopicAndBroadcasts() throws IOException {
        try (TestCenter center = new TestCenter(SendersIT::refusedOnce);
                BackEnd backEnd = new BackEnd(center.uri(), TENANT, 100)) {
            Sent published = backEnd.publish("open-news", 20, SECOND);
            Sent broadcast = backEnd.broadcast("*a", 20, SECOND);

            assertThat(broadcast.run()).isNotEqualTo(published.run());
            assertThat(published.refused()).isEqualTo(1);
            assertThat(broadcast.refused()).isZero();
            Set<String> requests = Set.copyOf(center.requests());
            assertThat(requests).hasSize(40);
            assertThat(requests.stream().filter(all -> all.startsWith("POST /v1/topics/open-news:send ")))
                    .hasSize(20);
            assertThat(requests.stream().filter(all -> all.contains("\"topic\":\"*a\"")))
                    .hasSize(20)
                    .allMatch(all -> all.startsWith("POST /v1/broadcasts "));
            assertThat(requests).anyMatch(all -> all.contains("@bench " + broadcast.run() + " 19 "));
        }
    }

    private static String job(int number, String end) {
        return switch (number) {
            case 0, 2 -> TestCenter.answer("503 Service Unavailable");
            case 1 -> TestCenter.answer("202 Accepted", "{\"job_id\":\"j1\"}");
            case 3 -> TestCenter.answer("200 OK", "{\"state\":\"running\"}");
            default -> TestCenter.answer("200 OK", "{\"state\":\"" + end + "\"}");
        };
    }

    @Test
    void whoBroadcastsAsksUntilItIsAnsweredAndWaitsUntilTheJobIsDone() throws IOException {
        try (TestCenter center = new TestCenter(number -> job(number, "done"));
                BroadcastClient client = new BroadcastClient(center.uri(), TENANT)) {
            String id = client.begin("hello", 500);

            assertThat(id).isEqualTo("j1");
            assertThat(client.awaitDone(id, SECOND.multipliedBy(20))
                            .path("state")
                            .asText())
                    .isEqualTo("done");
            assertThat(center.requests().getFirst()).contains("POST /v1/broadcasts ", "\"rate_per_s\":500");
            assertThat(center.requests().get(1)).isEqualTo(center.requests().getFirst()); // under one id
            assertThat(center.requests().getLast()).startsWith("GET /v1/jobs/j1 ");
        }
    }

    @Test
    void aBroadcastThatEndsOtherwiseIsAnError() throws IOException {
        try (TestCenter center = new TestCenter(number -> job(number, "failed"));
                BroadcastClient client = new BroadcastClient(center.uri(), TENANT)) {
            String id = client.begin("hello", 0);

            assertThatThrownBy(() -> client.awaitDone(id, SECOND.multipliedBy(20)))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("failed");
            assertThat(center.requests().getFirst()).doesNotContain("rate_per_s");
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void pacedPushesCountWhatIsRefusedAndDoNotSendItAgain() throws IOException {
        try (TestCenter center = new TestCenter(SendersIT::refusedOnce);
                PacedPushes pushes = new PacedPushes(center.uri(), TENANT, 20)) {
            Answers answers = pushes.send(SECOND);

            assertThat(answers.refused()).isEqualTo(1);
            assertThat(answers.micros().getTotalCount()).isEqualTo(19);
            assertThat(center.requests()).hasSize(20);
        }
    }
}
