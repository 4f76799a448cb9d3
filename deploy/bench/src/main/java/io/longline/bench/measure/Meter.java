package io.longline.bench.measure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The CPU that processes use over a stretch of time. */
public final class Meter {
    private final Map<String, Long> pids;
    private final Map<String, Duration> before;
    private final long begunNanos = System.nanoTime();

    private Meter(Map<String, Long> pids) {
        this.pids = pids;
        this.before = cpu(pids);
    }

    /** Begins to count, for processes that live until {@link #stop}, by name. */
    public static Meter start(Map<String, Long> pids) {
        return new Meter(new LinkedHashMap<>(pids));
    }

    public CpuUse stop() {
        Duration wall = Duration.ofNanos(System.nanoTime() - begunNanos);
        Map<String, Duration> used = new LinkedHashMap<>();
        cpu(pids).forEach((name, after) -> used.put(name, after.minus(before.getOrDefault(name, Duration.ZERO))));
        return new CpuUse(wall, used);
    }

    private static Map<String, Duration> cpu(Map<String, Long> pids) {
        Map<String, Duration> cpu = new LinkedHashMap<>();
        pids.forEach((name, pid) -> cpu.put(name, ProcessUse.cpu(pid)));
        return cpu;
    }
}
