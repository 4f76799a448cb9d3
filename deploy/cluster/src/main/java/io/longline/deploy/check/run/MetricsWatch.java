package io.longline.deploy.check.run;

import io.longline.deploy.check.history.History;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.Part;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Promise 6 as the processes' own metrics tell it: no queue is longer than its limit, and the heap that is left after collections
 * does not grow. One thread samples.
 */
final class MetricsWatch {
    /** The lowest of so many samples is what was left after a collection. */
    private static final int WINDOW = 15;

    private static final int ENOUGH_WINDOWS = 8;
    private static final double GROWTH = 1.6;
    private static final double ALLOWED_BYTES = 64 << 20;

    private final FaultCluster cluster;
    private final History history;
    private final Map<String, Heap> heaps = new TreeMap<>();

    /** Of one process. */
    private static final class Heap {
        private final long pid;
        private final List<Double> lowest = new ArrayList<>();
        private int samples;

        Heap(long pid) {
            this.pid = pid;
        }

        void add(double used) {
            if (samples++ % WINDOW == 0) {
                lowest.add(used);
            } else {
                lowest.set(lowest.size() - 1, Math.min(lowest.getLast(), used));
            }
        }
    }

    MetricsWatch(FaultCluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
    }

    void sample() {
        for (Part part : cluster.parts()) {
            if (!part.kind().isStore() && part.isRunning()) {
                sample(part);
            }
        }
    }

    private void sample(Part part) {
        Map<String, Double> metrics;
        try {
            metrics = part.metrics();
        } catch (UncheckedIOException e) {
            return; // it is stopped, or not there yet
        }
        metrics.forEach((name, depth) -> {
            Double limit = name.contains("_depth") ? metrics.get(name.replaceFirst("_depth", "_limit")) : null;
            if (limit != null && depth > limit) {
                history.broken(6, part.name() + ": " + name + " is " + depth + ", its limit " + limit);
            }
        });
        double used = metrics.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("jvm_memory_used_bytes")
                        && entry.getKey().contains("area=\"heap\""))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        Heap heap = heaps.computeIfAbsent(part.name(), name -> new Heap(part.pid()));
        if (heap.pid != part.pid()) {
            judge(part.name(), heap);
            heap = new Heap(part.pid());
            heaps.put(part.name(), heap);
        }
        heap.add(used);
    }

    void finish() {
        new HashMap<>(heaps).forEach(this::judge);
    }

    private void judge(String part, Heap heap) {
        List<Double> lowest = heap.lowest;
        if (lowest.size() < ENOUGH_WINDOWS) {
            return;
        }
        double early = Math.min(lowest.get(1), lowest.get(2));
        double late = Math.min(lowest.get(lowest.size() - 2), lowest.get(lowest.size() - 3));
        if (late > early * GROWTH && late > early + ALLOWED_BYTES) {
            history.broken(
                    6, "the heap of " + part + " grows: after collections " + (long) early + ", later " + (long) late);
        }
    }
}
