package io.longline.keeper.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedPoolTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CountDownLatch end = new CountDownLatch(1);

    @Test
    void tasksRunOnVirtualThreadsOfTheirOwn() {
        BoundedPool pool = pool(2, FullPolicy.REJECT);
        AtomicBoolean virtual = new AtomicBoolean();
        assertThat(pool.run(() -> virtual.set(Thread.currentThread().isVirtual())))
                .isTrue();
        await().untilTrue(virtual);
    }

    @Test
    void aFullPoolRejectsAtOnceAndCounts() {
        BoundedPool pool = pool(2, FullPolicy.REJECT);
        occupy(pool, 2);
        assertThatThrownBy(() -> pool.run(() -> {})).isInstanceOfSatisfying(LonglineException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(error.retryAfter()).isPresent();
        });
        assertThat(gauge("longline.pool.depth")).isEqualTo(2);
        assertThat(gauge("longline.pool.limit")).isEqualTo(2);
        assertThat(metrics.get("longline.pool.rejects")
                        .tag("pool", "test")
                        .counter()
                        .count())
                .isEqualTo(1);
        end.countDown();
        await().until(() -> gauge("longline.pool.depth") == 0);
    }

    @Test
    void aFullPoolMayDropAndCount() {
        BoundedPool pool = pool(1, FullPolicy.DROP_AND_COUNT);
        occupy(pool, 1);
        AtomicBoolean ran = new AtomicBoolean();
        assertThat(pool.run(() -> ran.set(true))).isFalse();
        assertThat(metrics.get("longline.pool.rejects").counter().count()).isEqualTo(1);
        end.countDown();
        assertThat(pool.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(ran).isFalse();
    }

    @Test
    void aFullPoolMayLetItsCallerWait() {
        BoundedPool pool = pool(1, FullPolicy.WAIT);
        occupy(pool, 1);
        AtomicBoolean ran = new AtomicBoolean();
        Thread caller = Thread.ofVirtual().start(() -> pool.run(() -> ran.set(true)));
        await().until(() -> caller.getState() == Thread.State.WAITING);
        assertThat(ran).isFalse();
        end.countDown();
        await().untilTrue(ran);
    }

    @Test
    void aTaskThatThrowsGivesItsPlaceBack() {
        BoundedPool pool = pool(1, FullPolicy.REJECT);
        pool.run(() -> {
            throw new IllegalStateException("on purpose");
        });
        assertThat(pool.awaitIdle(Duration.ofSeconds(30))).isTrue();
        AtomicInteger ran = new AtomicInteger();
        pool.run(ran::incrementAndGet);
        await().until(() -> ran.get() == 1);
    }

    @Test
    void aClosedPoolTakesNothingAndLetsWhatRunsEnd() {
        BoundedPool pool = pool(2, FullPolicy.REJECT);
        occupy(pool, 1);
        pool.close();
        assertThatThrownBy(() -> pool.run(() -> {}))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.DRAINING));
        assertThat(pool.awaitIdle(Duration.ofMillis(20))).isFalse();
        end.countDown();
        assertThat(pool.awaitIdle(Duration.ofSeconds(30))).isTrue();
    }

    private BoundedPool pool(int limit, FullPolicy policy) {
        return new BoundedPool("test", limit, policy, metrics);
    }

    private void occupy(BoundedPool pool, int count) {
        for (int i = 0; i < count; i++) {
            pool.run(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertThat(pool.running()).isEqualTo(count);
    }

    private double gauge(String name) {
        return metrics.get(name).tag("pool", "test").gauge().value();
    }
}
