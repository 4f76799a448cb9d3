package io.longline.keeper.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EachSecondTest {
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void whatFailsIsTriedAgain() {
        EachSecond loop = new EachSecond("failing", () -> {
            done.incrementAndGet();
            throw new IllegalStateException("not now");
        });
        loop.start();
        await().until(() -> done.get() >= 2);
        loop.close();
    }

    @Test
    void itIsDoneOnceMoreWhenItIsClosedAndNeverAfterwards() {
        EachSecond loop = new EachSecond("counting", done::incrementAndGet);
        loop.start();
        loop.close();
        assertThat(done).hasValue(1);
        await().during(Duration.ofMillis(1_200))
                .untilAsserted(() -> assertThat(done).hasValue(1));
    }
}
