package io.longline.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Stamp;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.JavaHeap;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Plot;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.ListClient;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.faults.PartKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One message to a long list, by a job: how long its list takes, how long it takes to be sent, and what center has in memory meanwhile. */
public final class Jobs implements Scenario {
    private static final int PAYLOAD_BYTES = 256;
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(30);
    private static final Duration SENT_WITHIN = Duration.ofHours(2);
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public String description() {
        return "A message of " + PAYLOAD_BYTES
                + " B to lists of several lengths, unpaced, in both durabilities; the first of each list are"
                + " connected and acknowledge, the others are users whom nobody knows. Center's live heap, after a collection, is looked at each"
                + " stretch.";
    }

    @Override
    public Load small() {
        return Load.of(200, 1, 2, 2_000, 20_000);
    }

    /** The rates are lengths of lists. */
    @Override
    public Load full() {
        return Load.of(2_000, 1, 10, 20_000, 1_000_000);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table lists = Table.of(
                "Lists",
                "durability",
                "targets",
                "list taken s",
                "sent s",
                "targets/s",
                "acked",
                "heap before MiB",
                "most MiB");
        List<Plot.Line> lines = new ArrayList<>();
        for (boolean journaled : List.of(false, true)) {
            Tenant tenant = rig.product(journaled);
            try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients());
                    ListClient lister = new ListClient(rig.center(), tenant)) {
                crowd.acks(true);
                crowd.connect(load.clients());
                int run = 0;
                for (int targets : load.rates()) {
                    lines.add(new Run(rig, crowd, lister, tenant, Math.max(targets, load.clients()), ++run)
                            .measure(load.stretch(), lists, result, progress));
                }
            }
        }
        result.add(lists);
        result.add(new Plot("Live heap of center", "seconds", "MiB", lines));
        return result;
    }

    /** One list. */
    private record Run(Rig rig, Crowds crowd, ListClient lister, Tenant tenant, int targets, int run) {

        Plot.Line measure(Duration stretch, Table lists, Result result, Consumer<String> progress) {
            String durability = tenant.journaled() ? "mysql" : "redis";
            String name = "%s, %,d".formatted(durability, targets);
            long pid = rig.cluster().parts(PartKind.CENTER).getFirst().pid();
            double before = heapMib(pid);
            Plot.Pen pen = new Plot.Pen(name);
            var _ = crowd.counts(); // begins anew
            Meter meter = Meter.start(rig.pids(crowd));
            long begun = System.nanoTime();
            try (Watch watch = new Watch(pid, before, begun, stretch, pen)) {
                String id = lister.submit(
                        new Stamp(run, 0, begun).text(PAYLOAD_BYTES), targets, i -> user(i, crowd.clients()));
                double taken = secondsSince(begun);
                JsonNode job = lister.job(id);
                while (!isOver(job) && secondsSince(begun) < SENT_WITHIN.toSeconds()) {
                    Pause.of(Duration.ofMillis(200));
                    job = lister.job(id);
                }
                double sent = secondsSince(begun) - taken;
                Pause.until(() -> crowd.missing(run, crowd.clients()) == 0, ARRIVE_WITHIN);
                CpuUse use = meter.stop();
                CrowdCounts counts = crowd.counts();
                Loss.check(result, name, counts, crowd.missing(run, crowd.clients()));
                if (job.get("sent").asInt() != targets) {
                    result.failed("%s: %s".formatted(name, job));
                }
                Pause.until(() -> acked(id) >= crowd.clients(), ARRIVE_WITHIN);
                lists.add(durability, targets, taken, sent, targets / sent, acked(id), before, watch.most());
                result.add(Shares.of("CPU, " + name, use, targets, "target"));
                result.figure(name + ": targets a second", targets / sent);
                result.figure(name + ": MiB of center's live heap, at most", watch.most());
                String finding =
                        "%s targets: taken in %.1f s, sent in %.1f s, %.0f a second; center's live heap %.0f MiB at most, %.0f before"
                                .formatted(name, taken, sent, targets / sent, watch.most(), before);
                result.found(finding);
                progress.accept(finding);
            }
            return pen.line();
        }

        private String user(int index, int connected) {
            return index < connected ? Crowds.user(index) : "list-" + run + "-" + index;
        }

        private long acked(String id) {
            return lister.job(id).get("acked").asLong();
        }

        private static boolean isOver(JsonNode job) {
            return List.of("done", "cancelled", "failed")
                    .contains(job.get("state").asText());
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static double heapMib(long pid) {
        return JavaHeap.of(pid).total() / MIB;
    }

    /** Looks at the heap of a process again and again. */
    private static final class Watch implements AutoCloseable {
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread;
        private volatile double most;

        /** @param before what it is now */
        Watch(long pid, double before, long begun, Duration every, Plot.Pen pen) {
            this.most = before;
            this.thread = Thread.ofVirtual().start(() -> look(pid, begun, every, pen));
        }

        private void look(long pid, long begun, Duration every, Plot.Pen pen) {
            try {
                do {
                    double mib = heapMib(pid);
                    pen.to(secondsSince(begun), mib);
                    most = Math.max(most, mib);
                } while (!over.await(every.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        double most() {
            return most;
        }

        @Override
        public void close() {
            over.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
