package io.longline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.stores.OwnJava;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessUseTest {
    private static final long OWN = ProcessHandle.current().pid();

    @Test
    void workShowsInTheCpuOfThisProcess() {
        Meter meter = Meter.start(Map.of("own", OWN));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long until = threads.getCurrentThreadCpuTime() + Duration.ofMillis(300).toNanos();
        while (threads.getCurrentThreadCpuTime() < until) { // however long others have the processors meanwhile
            Thread.onSpinWait();
        }
        CpuUse use = meter.stop();

        assertThat(use.seconds("own"::equals)).isGreaterThan(0.1);
        assertThat(use.seconds("other"::equals)).isZero();
        assertThat(use.wallSeconds()).isGreaterThan(0.29);
    }

    @Test
    void whatIsHeldShowsInItsMemory() {
        assertThat(ProcessUse.pss(OWN)).isGreaterThan(10 * 1024 * 1024);
    }

    /** Not of this process, which would wait for itself. */
    @Test
    void theHeapOfAnotherProcessIsToldByClass() throws IOException {
        Process holder =
                new ProcessBuilder(OwnJava.program(), "-cp", OwnJava.classPath(), Holder.class.getName()).start();
        try {
            assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("holds");

            JavaHeap heap = JavaHeap.of(holder.pid());

            assertThat(heap.of("[B")).isBetween(16L * 1024 * 1024, 24L * 1024 * 1024);
            assertThat(heap.total()).isGreaterThan(heap.of("[B"));
        } finally {
            holder.destroyForcibly();
        }
    }

    /** Holds 16 MiB until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            byte[][] held = new byte[16][1024 * 1024];
            System.out.println("holds");
            int end = System.in.read();
            System.out.println(held.length + " " + end);
        }
    }

    @Test
    void aProcessThatIsGoneIsSaidToBe() {
        assertThatThrownBy(() -> ProcessUse.cpu(Integer.MAX_VALUE))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("has the process ended?");
    }
}
