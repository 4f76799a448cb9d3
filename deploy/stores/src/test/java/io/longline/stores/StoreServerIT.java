package io.longline.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreServerIT {

    @TempDir
    Path directory;

    private final List<Integer> deaths = new CopyOnWriteArrayList<>();

    @Test
    void aDeathIsToldAndTheStoreCanBeRevivedOnItsPort() {
        try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start()) {
            redis.onDeath(deaths::add);
            int port = redis.port();
            long pid = redis.pid();
            assertThat(redis.revive()).isFalse();

            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            await().until(() -> deaths.equals(List.of(137)));
            assertThat(redis.isRunning()).isFalse();
            assertThat(redis.revive()).isTrue();
            await().until(redis::isServing); // it asks for no longer than a second
            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.pid()).isNotEqualTo(pid);
        }
    }

    @Test
    void oneThatCannotBeRevivedAtOnceIsToldOfOnceAndRevivedLater() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start()) {
            redis.onDeath(deaths::add);
            int port = redis.port();
            ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
            await().until(() -> deaths.equals(List.of(137)));

            try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(taken.isBound()).isTrue();
                assertThatThrownBy(redis::revive).hasMessageContaining(Integer.toString(port));
            }
            assertThat(redis.revive()).isTrue();
            await().until(redis::isServing);
            assertThat(deaths).hasSize(1);
        }
    }

    @Test
    void aStoreThatWasToldToEndIsNotDead() {
        try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start()) {
            redis.onDeath(deaths::add);
            redis.kill();
            assertThat(redis.revive()).isFalse();
            redis.start();
            redis.stop();
            assertThat(redis.revive()).isFalse();
        }
        assertThat(deaths).isEmpty();
    }

    @Test
    void oneThatIsPausedIsStoppedAtOnce() {
        EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start();
        redis.pause();
        assertThat(redis.isRunning()).isTrue();
        assertThat(redis.isServing()).isFalse();
        long begun = System.nanoTime();
        redis.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        assertThat(redis.isRunning()).isFalse();
    }

    @Test
    void zooKeeperAsAProcessIsKilledAndStartedAgainOnItsPort() {
        try (ZooKeeperProcess zooKeeper = ZooKeeperProcess.in(directory, 0, "-XX:TieredStopAtLevel=1")) {
            zooKeeper.start();
            String uri = zooKeeper.uri();
            ProcessHandle process = ProcessHandle.of(zooKeeper.pid()).orElseThrow();
            zooKeeper.kill();
            assertThat(process.info().command()).isEmpty(); // ended, though perhaps nobody has reaped it
            zooKeeper.start();
            assertThat(zooKeeper.uri()).isEqualTo(uri);
            await().until(zooKeeper::isServing);
        }
    }
}
