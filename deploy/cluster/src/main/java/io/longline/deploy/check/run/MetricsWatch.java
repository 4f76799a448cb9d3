package io.longline.deploy.check.run;

import io.longline.deploy.check.history.History;
import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.Jcmd;
import io.longline.deploy.faults.Part;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Promise 6 as the processes' own metrics tell it: no queue is longer than its limit, and the heap that is left when the collector was
 * asked to run does not grow. One thread samples.
 */
final class MetricsWatch {
    /** A process is asked to collect at each of so many samples; what lies in its heap between is no measure. */
    private static final int BETWEEN_COLLECTIONS = 45;

    private static final int ENOUGH_LOOKS = 4;
    private static final double GROWTH = 1.6;
    private static final double ALLOWED_BYTES = 64 << 20;

    private final FaultCluster cluster;
    private final History history;
    private final Map<String, Heap> heaps = new TreeMap<>();

    /** Of one process. */
    private static final class Heap {
        private final long pid;
        private final List<Double> left = new ArrayList<>();
        private int samples;

        Heap(long pid) {
            this.pid = pid;
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
        look(part);
    }

    /** Some of the time what its heap is like after a collection. */
    private void look(Part part) {
        Heap heap = heaps.computeIfAbsent(part.name(), name -> new Heap(part.pid()));
        if (heap.pid != part.pid()) {
            judge(part.name(), heap);
            heap = new Heap(part.pid());
            heaps.put(part.name(), heap);
        }
        if (++heap.samples % BETWEEN_COLLECTIONS == 0) {
            try {
                Jcmd.run(part.pid(), "GC.run");
                heap.left.add(heapOf(part.metrics()));
            } catch (ClusterException | UncheckedIOException e) {
                // it was stopped or killed just now
            }
        }
    }

    private static double heapOf(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("jvm_memory_used_bytes")
                        && entry.getKey().contains("area=\"heap\""))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    void finish() {
        new HashMap<>(heaps).forEach(this::judge);
    }

    private void judge(String part, Heap heap) {
        if (heap.left.size() < ENOUGH_LOOKS) {
            return;
        }
        double early = heap.left.get(1); // the first is from when it began
        double late = heap.left.getLast();
        if (late > early * GROWTH && late > early + ALLOWED_BYTES) {
            history.broken(
                    6, "the heap of " + part + " grows: after collections " + (long) early + ", later " + (long) late);
        }
    }
}
