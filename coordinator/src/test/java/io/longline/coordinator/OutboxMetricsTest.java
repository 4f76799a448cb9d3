package io.longline.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutboxMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void gaugesGoOnWhenNobodyElseKeepsWhatTheyAsk() {
        watch(3, 17);

        collectGarbage();

        assertThat(gauge("shards")).isEqualTo(3);
        assertThat(gauge("waiting")).isEqualTo(17);
    }

    /** In a method of its own, so that no variable of the test holds the suppliers. */
    private void watch(int shards, int waiting) {
        IntSupplier ours = () -> shards;
        IntSupplier theirs = () -> waiting;
        new OutboxMetrics(registry).watch(ours, theirs);
    }

    private static void collectGarbage() {
        WeakReference<Object> gone = new WeakReference<>(new Object());
        await().until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }

    private double gauge(String name) {
        return registry.get("longline.coordinator.outbox." + name).gauge().value();
    }
}
