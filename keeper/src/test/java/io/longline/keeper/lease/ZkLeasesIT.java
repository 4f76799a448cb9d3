package io.longline.keeper.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(90)
class ZkLeasesIT {

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final AtomicLong CLUSTERS = new AtomicLong();

    private final String cluster = "test-" + CLUSTERS.incrementAndGet();
    private final List<ZkSession> sessions = new ArrayList<>();

    @AfterEach
    void disconnect() {
        sessions.forEach(ZkSession::close);
    }

    @Test
    void ofTwoWhoTryOneHoldsIt() {
        ZkLeases a = new ZkLeases(session(), "saver-a");
        ZkLeases b = new ZkLeases(session(), "saver-b");

        Lease lease = a.tryAcquire("saver/rebuild").orElseThrow();

        assertThat(lease.valid()).isTrue();
        assertThat(b.tryAcquire("saver/rebuild")).isEmpty();
        assertThat(a.tryAcquire("saver/rebuild")).isEmpty();
        assertThat(b.tryAcquire("saver/other")).isPresent();
    }

    @Test
    void theFencingNumberGrowsFromHolderToHolder() {
        ZkLeases a = new ZkLeases(session(), "saver-a");
        ZkLeases b = new ZkLeases(session(), "saver-b");
        List<Long> numbers = new ArrayList<>();

        for (ZkLeases leases : List.of(a, b, a, a)) {
            try (Lease lease = leases.tryAcquire("saver/rebuild").orElseThrow()) {
                numbers.add(lease.fencing());
            }
        }

        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void whoHoldsItSinceWhenCanBeRead() {
        ZkLeases a = new ZkLeases(session(), "saver-a");
        Lease lease = a.tryAcquire("saver/rebuild").orElseThrow();

        List<LeaseHolder> holders = new ZkLeases(session(), "status").holders();

        assertThat(holders).singleElement().satisfies(holder -> {
            assertThat(holder.lease()).isEqualTo("saver/rebuild");
            assertThat(holder.holder()).isEqualTo("saver-a");
            assertThat(holder.fencing()).isEqualTo(lease.fencing());
            assertThat(holder.sinceMs()).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
        });
        lease.close();
        assertThat(a.holders()).isEmpty();
    }

    /** The server keeps the node for the rest of the session's time: nobody has the lease then, and nobody is held up by asking for it. */
    @Test
    void whatAnEarlierSessionOfOursHeldIsNobodysUntilItHasEnded() throws Exception {
        ZkSession session = session();
        ZkLeases a = new ZkLeases(session, "saver-a");
        Lease lease = a.tryAcquire("saver/rebuild").orElseThrow();
        long former = session.id();
        session.curator().getZookeeperClient().getZooKeeper().getTestable().injectSessionExpiration();
        await().until(() -> session.connected() && session.id() != former);
        lease.close();

        long begun = System.nanoTime();
        assertThat(a.tryAcquire("saver/rebuild")).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> a.tryAcquire("saver/rebuild").isPresent());
    }

    @Test
    void aHolderWhoseConnectionIsInDoubtHoldsNothingAndNeverAgainByThatLease() {
        ZkLeases a = new ZkLeases(session(), "saver-a");
        ZkLeases b = new ZkLeases(session(), "saver-b");
        Lease lease = a.tryAcquire("saver/rebuild").orElseThrow();

        ZOOKEEPER.store().stop();
        await().until(() -> !lease.valid());
        assertThat(a.tryAcquire("saver/other")).isEmpty();
        ZOOKEEPER.store().start();

        await().until(() -> b.tryAcquire("saver/b").isPresent());
        assertThat(lease.valid()).isFalse();
        lease.close();
        Lease next = await().until(() -> b.tryAcquire("saver/rebuild"), Optional::isPresent)
                .orElseThrow();
        assertThat(next.fencing()).isGreaterThan(lease.fencing());
    }

    @Test
    void aLeaseClosedWhileZookeeperIsAwayIsFreeWhenItIsBack() {
        ZkLeases a = new ZkLeases(session(), "saver-a");
        ZkLeases b = new ZkLeases(session(), "saver-b");
        Lease lease = a.tryAcquire("saver/rebuild").orElseThrow();

        ZOOKEEPER.store().stop();
        await().until(() -> !lease.valid());
        lease.close();
        ZOOKEEPER.store().start();

        Lease next = await().until(() -> b.tryAcquire("saver/rebuild"), Optional::isPresent)
                .orElseThrow();
        assertThat(next.fencing()).isGreaterThan(lease.fencing());
    }

    @Test
    void whenTheHoldersSessionEndsAnotherTakesOverAndALateCloseDoesNotDisturbIt() throws Exception {
        ZkSession dying = session();
        ZkLeases a = new ZkLeases(dying, "saver-a");
        ZkLeases b = new ZkLeases(session(), "saver-b");
        Lease old = a.tryAcquire("saver/rebuild").orElseThrow();

        ZOOKEEPER.store().expireSession(dying.id());
        Lease taken = await().until(() -> b.tryAcquire("saver/rebuild"), Optional::isPresent)
                .orElseThrow();
        await().until(() -> !old.valid());
        old.close();

        assertThat(taken.valid()).isTrue();
        assertThat(taken.fencing()).isGreaterThan(old.fencing());
        await().until(dying::connected);
        assertThat(a.tryAcquire("saver/rebuild")).isEmpty();
    }

    @Test
    void neverAreThereTwoHoldersHoweverManyTry() throws Exception {
        AtomicInteger holding = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger times = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int process = 0; process < 4; process++) {
                ZkLeases leases = new ZkLeases(session(), "saver-" + process);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        leases.tryAcquire("saver/rebuild").ifPresent(lease -> {
                            most.accumulateAndGet(holding.incrementAndGet(), Math::max);
                            times.incrementAndGet();
                            holding.decrementAndGet();
                            lease.close();
                        });
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }

        assertThat(most).hasValue(1);
        assertThat(times).hasPositiveValue();
    }

    private ZkSession session() {
        ZkSession session = new ZkSession(new ZkConfig(ZOOKEEPER.uri(), cluster, Duration.ofSeconds(6)));
        session.start();
        sessions.add(session);
        return session;
    }
}
