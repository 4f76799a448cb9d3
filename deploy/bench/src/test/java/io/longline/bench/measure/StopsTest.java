package io.longline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopsTest {

    @Test
    void stopsAreCountedButThoseThatWeCause() {
        String log = """
                [0.5s][info][safepoint] Safepoint "G1CollectForAllocation", Time since last: 1 ns, Reaching safepoint: 2 ns, At safepoint: 3 ns, Leaving safepoint: 4 ns, Total: 2500000 ns, Threads: 1 runnable, 9 total
                [0.6s][info][safepoint] Safepoint "HeapInspection", Time since last: 1 ns, Reaching safepoint: 2 ns, Total: 99000000 ns, Threads: 1 runnable, 9 total
                [0.7s][info][safepoint] Safepoint "ICBufferFull", Time since last: 1 ns, Reaching safepoint: 2 ns, Total:   500000 ns, Threads: 1 runnable, 9 total
                something else
                """;

        assertThat(Stops.of(log.lines())).isEqualTo(new Stops(2, 2.5, 3.0, "G1CollectForAllocation"));
    }
}
