package io.longline.keeper.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(90)
class LeasedLoopIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration NEVER = Duration.ofHours(1);

    private final ZkSession first = session();
    private final ZkSession second = session();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void itRunsAtOnceAndWhenWokenAndEachPeriod() {
        Counting task = new Counting();
        try (LeasedLoop loop = loop(first, NEVER, task)) {
            await().until(() -> task.runs.get() == 1);
            loop.wake();
            await().until(() -> task.runs.get() == 2);
        }
        try (LeasedLoop loop = loop(first, Duration.ofMillis(20), task)) {
            loop.wake();
            await().until(() -> task.runs.get() > 10);
        }
    }

    @Test
    void whereNothingIsDueTheLeaseIsNotAskedFor() {
        Counting task = new Counting();
        task.due = false;
        try (LeasedLoop loop = loop(first, NEVER, task)) {
            loop.wake();
            await().until(() -> task.looks.get() == 2);
        }
        assertThat(task.runs).hasValue(0);
    }

    @Test
    void aTaskThatFailsIsRunAgainSoon() {
        Counting task = new Counting();
        task.failures.set(2);
        try (LeasedLoop loop = loop(first, NEVER, task)) {
            await().until(() -> task.runs.get() == 3);
            assertThat(loop).isNotNull();
        }
    }

    @Test
    void oneProcessAtATimeRunsItAndAnotherTakesOverWhenThatOneEnds() {
        CountDownLatch never = new CountDownLatch(1);
        Counting hanging = new Counting() {
            @Override
            public void run(Lease lease) throws InterruptedException {
                super.run(lease);
                never.await();
            }
        };
        Counting waiting = new Counting();
        LeasedLoop holder = loop(first, NEVER, hanging);
        await().until(() -> hanging.runs.get() == 1);
        try (LeasedLoop other = loop(second, NEVER, waiting)) {
            other.wake();
            await().during(Duration.ofMillis(700)).until(() -> waiting.runs.get() == 0);
            holder.close();
            await().until(() -> waiting.runs.get() == 1);
        }
    }

    @Test
    void aKeptLeaseStaysUntilTheLoopEnds() {
        Counting keeping = new Counting();
        Counting waiting = new Counting();
        LeasedLoop holder =
                LeasedLoop.keeping("test/loop", new ZkLeases(first, "someone"), Duration.ofMillis(20), keeping);
        holder.start();
        await().until(() -> keeping.runs.get() > 3);
        try (LeasedLoop other = loop(second, NEVER, waiting)) {
            await().during(Duration.ofMillis(700)).until(() -> waiting.runs.get() == 0);
            assertThat(keeping.leases).hasSize(1);
            holder.close();
            await().until(() -> waiting.runs.get() == 1);
            other.wake();
            await().until(() -> waiting.runs.get() == 2);
        }
        assertThat(waiting.leases).hasSize(2);
    }

    @Test
    void whereTheHolderOfAKeptLeaseFailsAnotherProcessHasItsTurn() {
        Counting cutOff = new Counting();
        cutOff.failures.set(Integer.MAX_VALUE);
        Counting well = new Counting();
        try (LeasedLoop holder = keeping(first, cutOff)) {
            await().until(() -> cutOff.runs.get() == 1);
            try (LeasedLoop other = keeping(second, well)) {
                await().until(() -> well.runs.get() > 3);
                assertThat(other).isNotSameAs(holder);
            }
            int before = cutOff.runs.get();
            await().until(() -> cutOff.runs.get() > before);
        }
    }

    @Test
    void aKeptLeaseIsGivenBackWhereNothingIsDueAnyMore() {
        Counting keeping = new Counting();
        Counting waiting = new Counting();
        try (LeasedLoop holder = keeping(first, keeping);
                LeasedLoop other = loop(second, NEVER, waiting)) {
            await().until(() -> keeping.runs.get() + waiting.runs.get() > 3);
            keeping.due = false;
            int before = waiting.runs.get();
            other.wake();
            await().until(() -> waiting.runs.get() > before);
            assertThat(holder).isNotNull();
        }
    }

    @Test
    void aKeptLeaseGoesFromOneToTheOtherAfterItsTurn() {
        Duration turn = Duration.ofMillis(100);
        Counting one = new Counting();
        Counting other = new Counting();
        try (LeasedLoop first = loop(this.first, Duration.ofMillis(20), one, turn);
                LeasedLoop second = loop(this.second, Duration.ofMillis(20), other, turn)) {
            await().until(() -> one.leases.size() > 1 && other.leases.size() > 1);
            assertThat(first).isNotSameAs(second);
        }
        assertThat(one.runs.get() + other.runs.get()).isGreaterThan(one.leases.size() + other.leases.size());
    }

    private static ZkSession session() {
        ZkSession session = new ZkSession(new ZkConfig(ZOOKEEPER.uri(), "loops", Duration.ofSeconds(6)));
        session.start();
        return session;
    }

    private static LeasedLoop loop(ZkSession session, Duration period, LeasedLoop.Task task) {
        return new LeasedLoop("test/loop", new ZkLeases(session, "someone"), period, task).start();
    }

    private static LeasedLoop loop(ZkSession session, Duration period, LeasedLoop.Task task, Duration turn) {
        return new LeasedLoop("test/loop", new ZkLeases(session, "someone"), period, task, turn).start();
    }

    private static LeasedLoop keeping(ZkSession session, LeasedLoop.Task task) {
        return LeasedLoop.keeping("test/loop", new ZkLeases(session, "someone"), Duration.ofMillis(20), task)
                .start();
    }

    private static class Counting implements LeasedLoop.Task {
        final AtomicInteger looks = new AtomicInteger();
        final AtomicInteger runs = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        final Set<Long> leases = ConcurrentHashMap.newKeySet();
        volatile boolean due = true;

        @Override
        public boolean due() {
            looks.incrementAndGet();
            return due;
        }

        @Override
        public void run(Lease lease) throws InterruptedException {
            assertThat(lease.valid()).isTrue();
            leases.add(lease.fencing());
            runs.incrementAndGet();
            if (failures.getAndDecrement() > 0) {
                throw new LonglineException(ErrorCode.DEPENDENCY_DOWN, "the test wants it");
            }
        }
    }
}
