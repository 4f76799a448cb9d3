package io.longline.coordinator.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.coordinator.AuditMetrics;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditorTest {
    private final FakeCluster cluster = new FakeCluster();
    private Instant now = Instant.ofEpochSecond(1_000);
    private Instant leaseEnds = Instant.ofEpochSecond(1_000_000);

    private final Lease lease = new Lease() {
        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public boolean valid() {
            return now.isBefore(leaseEnds);
        }

        @Override
        public void close() {
            throw new AssertionError("the loop gives it back");
        }
    };

    private Auditor auditor(int rate) {
        AuditConfig config =
                new AuditConfig(rate, 1, Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofSeconds(15));
        AuditMetrics metrics = new AuditMetrics(cluster.registry, Mending.MOST);
        return new Auditor(
                new AuditRound.Tools(cluster, cluster, cluster, config, metrics, time -> now = now.plus(time)),
                () -> now);
    }

    private double metric(String name) {
        return cluster.registry
                .get("longline.coordinator.audit." + name)
                .gauge()
                .value();
    }

    private double brokenOff() {
        return cluster.registry
                .get("longline.coordinator.audit.broken.off")
                .counter()
                .count();
    }

    @Test
    void aRateOfZeroBeginsNothing() {
        assertThat(auditor(0).due()).isFalse();
        assertThat(auditor(1).due()).isTrue();
    }

    @Test
    void aRoundComesAfterEachPauseAsLongAsTheLeaseIsThere() throws InterruptedException {
        cluster.session("u1", 0, 10);
        leaseEnds = now.plusSeconds(2 * 300 + 30);

        auditor(1_000).run(lease);

        assertThat(cluster.mended).hasSize(1);
        assertThat(metric("round.ended.seconds")).isBetween(1_600.0, 1_630.0);
        assertThat(brokenOff()).isZero();
    }

    @Test
    void whatWasFoundIsNotMendedOnceTheLeaseHasEnded() throws InterruptedException {
        cluster.session("u1", 0, 10);
        leaseEnds = now.plusSeconds(300 + 3);

        auditor(1_000).run(lease);

        assertThat(cluster.mended).isEmpty();
        assertThat(brokenOff()).isEqualTo(1);
        assertThat(metric("suspects")).isZero();
    }

    @Test
    void afterThreeRoundsInARowThatWereBrokenOffAnotherCoordinatorIsToTry() {
        cluster.zookeeperAway();

        assertThatThrownBy(() -> auditor(1_000).run(lease)).isInstanceOf(LonglineException.class);
        assertThat(now).isEqualTo(Instant.ofEpochSecond(1_000 + 3 * 300));
        assertThat(brokenOff()).isEqualTo(3);
    }
}
