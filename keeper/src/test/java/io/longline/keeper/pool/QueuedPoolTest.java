package io.longline.keeper.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueuedPoolTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicLong nowNanos = new AtomicLong();
    private final List<String> said = new CopyOnWriteArrayList<>();

    private QueuedPool pool(int atOnce, int limit, Duration patience) {
        return new QueuedPool("test", atOnce, limit, patience, metrics, nowNanos::get);
    }

    private void occupy(QueuedPool pool, int tasks) {
        for (int i = 0; i < tasks; i++) {
            assertThat(pool.run(this::awaitEnd, () -> said.add("late"))).isTrue();
        }
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean say(QueuedPool pool, String what) {
        return pool.run(() -> said.add(what), () -> said.add("late " + what));
    }

    @Test
    void whatWaitsHasItsTurnInOrder() {
        QueuedPool pool = pool(1, 4, LONG);
        occupy(pool, 1);
        assertThat(say(pool, "a") && say(pool, "b") && say(pool, "c")).isTrue();
        assertThat(pool.waiting()).isEqualTo(3);
        assertThat(said).isEmpty();

        end.countDown();

        await().until(() -> pool.running() == 0);
        assertThat(said).containsExactly("a", "b", "c");
    }

    @Test
    void beyondTheLimitItRefusesAndCounts() {
        QueuedPool pool = pool(1, 2, LONG);
        occupy(pool, 2);

        assertThat(say(pool, "a")).isFalse();

        assertThat(metrics.get("longline.pool.rejects").counter().count()).isEqualTo(1);
        assertThat(metrics.get("longline.pool.depth").gauge().value()).isEqualTo(1);
        assertThat(metrics.get("longline.pool.waiting").gauge().value()).isEqualTo(1);
        end.countDown();
        await().until(() -> pool.running() == 0);
        assertThat(say(pool, "b")).isTrue();
        await().untilAsserted(() -> assertThat(said).containsExactly("b"));
    }

    @Test
    void whoWaitedTooLongIsToldSoInsteadAndTheNextOneToo() {
        QueuedPool pool = pool(1, 4, Duration.ofMillis(50));
        occupy(pool, 1);
        say(pool, "a");
        say(pool, "b");
        nowNanos.addAndGet(Duration.ofMillis(51).toNanos());
        say(pool, "c");

        end.countDown();

        await().until(() -> pool.running() == 0);
        assertThat(said).containsExactly("late a", "late b", "c");
    }

    @Test
    void neverMoreRunAtATimeAndAllHaveTheirTurn() {
        QueuedPool pool = pool(8, 10_000, LONG);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();

        for (int i = 0; i < 5_000; i++) {
            assertThat(pool.run(
                            () -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                LockSupport.parkNanos(1_000);
                                now.decrementAndGet();
                                done.incrementAndGet();
                                if (done.get() == 7) {
                                    throw new IllegalStateException("on purpose");
                                }
                            },
                            () -> said.add("late")))
                    .isTrue();
        }

        await().until(() -> done.get() == 5_000 && pool.running() == 0);
        assertThat(most.get()).isBetween(1, 8);
        assertThat(said).isEmpty();
    }

    @Test
    void aClosedOneTakesNothingAndTellsThoseThatWait() {
        QueuedPool pool = pool(1, 4, LONG);
        occupy(pool, 1);
        say(pool, "a");

        pool.close();

        await().untilAsserted(() -> assertThat(said).containsExactly("late a"));
        assertThat(say(pool, "b")).isFalse();
        end.countDown();
        await().until(() -> pool.running() == 0);
    }
}
