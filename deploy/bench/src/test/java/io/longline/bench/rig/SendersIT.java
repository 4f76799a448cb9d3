package io.longline.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bench.push.TestCenter;
import io.longline.bench.rig.BackEnd.Sent;
import io.longline.bench.rig.PacedPushes.Answers;
import io.longline.deploy.check.client.Tenant;
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
