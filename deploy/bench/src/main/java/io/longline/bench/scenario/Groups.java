package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Sending;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Plot;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.EventReceiver;
import io.longline.bench.rig.GroupConsumer;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.cluster.ClusterException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What clients send, to a back end that fetches it; and what a cluster costs in which nothing happens. */
public final class Groups implements Scenario {
    private static final List<Integer> CONSUMERS = List.of(1, 2, 4);
    private static final String GROUP = "bench";
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);
    private static final Duration MOST_REST = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "groups";
    }

    @Override
    public String description() {
        return "Uplinks of " + Uplinks.PAYLOAD_BYTES
                + " B by connected clients in turn, whether or not those before were answered, to a group without a callback, which 1, 2 and 4 consumers"
                + " pull from, 100 at a time, and finish; times from when one was due, and from when it was kept. Before that, what the coordinator"
                + " costs while nothing happens.";
    }

    @Override
    public Load small() {
        return Load.of(500, 1, 5, 200, 1_000);
    }

    @Override
    public Load full() {
        return Load.of(5_000, 1, 15, 500, 1_000, 2_000, 4_000, 6_000, 8_000);
    }

    /** What one stretch brought. */
    private record Stretch(int consumers, int rate, CrowdCounts counts, EventReceiver.Arrivals arrivals, CpuUse use) {

        double sentPerSecond(Duration time) {
            return counts.sent() / (double) time.toSeconds();
        }

        double keptMs(double percentile) {
            return counts.keptUs().getValueAtPercentile(percentile) / 1e3;
        }

        /** From when the coordinator had it, and it was acknowledged, in whole ms. */
        long pulledMs(double percentile) {
            return arrivals.delaysMs("").getValueAtPercentile(percentile);
        }
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Uplinks to a group",
                "consumers",
                "offered/s",
                "sent/s",
                "acked p50 ms",
                "acked p99 ms",
                "pulled p50 ms",
                "pulled p99 ms",
                "behind the ack p50 ms",
                "behind the ack p99 ms",
                "refused",
                "again",
                "a pull",
                "coordinator µs",
                "center µs",
                "Redis µs",
                "all servers µs");
        List<Plot.Line> lines = new ArrayList<>();
        try (EventReceiver receiver = new EventReceiver()) {
            Tenant tenant = rig.productWithCallbacks(false, receiver.url(), List.of());
            try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients())) {
                crowd.connect(load.clients());
                rest(rig, load, result, progress);
                Runs runs = new Runs(rig, tenant, crowd, receiver, load.stretch());
                var _ = runs.stretch(1, load.rate());
                for (int consumers : CONSUMERS) {
                    Plot.Pen pen = new Plot.Pen(consumers + " consumers");
                    for (Stretch stretch : runs.rates(consumers, load.rates(), progress)) {
                        add(stretch, load, rig, table);
                        check(stretch, result);
                        pen.to(stretch.rate, stretch.arrivals.millis(99));
                    }
                    lines.add(pen.line());
                    best(runs.best(), consumers, result);
                }
            }
        }
        result.add(table);
        result.add(new Plot("From due to the consumer", "uplinks a second", "p99, ms", lines));
        return result;
    }

    private static void rest(Rig rig, Load load, Result result, Consumer<String> progress) {
        Duration twice = load.stretch().multipliedBy(2);
        Duration time = twice.compareTo(MOST_REST) < 0 ? twice : MOST_REST;
        new AtRest(rig, time).measure(load.clients(), result, progress);
    }

    private static void add(Stretch stretch, Load load, Rig rig, Table table) {
        EventReceiver.Arrivals arrivals = stretch.arrivals;
        table.add(
                stretch.consumers,
                stretch.rate,
                stretch.sentPerSecond(load.stretch()),
                stretch.keptMs(50),
                stretch.keptMs(99),
                arrivals.millis(50),
                arrivals.millis(99),
                stretch.pulledMs(50),
                stretch.pulledMs(99),
                stretch.counts.refused(),
                arrivals.repeated(),
                (double) arrivals.uplinks() / Math.max(1L, arrivals.requests()),
                each(stretch, name -> name.startsWith("coordinator")),
                each(stretch, name -> name.startsWith("center")),
                each(stretch, "redis"::equals),
                each(stretch, rig::isServer));
    }

    private static double each(Stretch stretch, Predicate<String> processes) {
        return stretch.use.seconds(processes) * 1e6 / Math.max(1L, stretch.counts.sent());
    }

    private static void best(Optional<Stretch> best, int consumers, Result result) {
        if (best.isEmpty()) {
            result.found("no rate was reached with %d consumers".formatted(consumers));
            return;
        }
        Stretch stretch = best.get();
        result.figure("uplinks a second to " + consumers + " consumers", stretch.rate);
        result.found(
                "%d uplinks a second reached with %d consumers: acknowledged within %.1f ms, pulled within %.1f ms (p99)"
                        .formatted(stretch.rate, consumers, stretch.keptMs(99), stretch.arrivals.millis(99)));
    }

    /** What was acknowledged was pulled. */
    private static void check(Stretch stretch, Result result) {
        String where = "%d consumers, at %d/s".formatted(stretch.consumers, stretch.rate);
        long acked = stretch.counts.keptUs().getTotalCount();
        long unanswered = stretch.counts.sent() - acked - stretch.counts.refused();
        if (unanswered != 0) {
            result.failed("%s: %d uplinks were not answered".formatted(where, unanswered));
        }
        if (stretch.arrivals.uplinks() < acked) {
            result.failed("%s: %d uplinks of %d were acknowledged and not pulled"
                    .formatted(where, acked - stretch.arrivals.uplinks(), acked));
        }
    }

    /** One stretch after the other. */
    private static final class Runs {
        private final Rig rig;
        private final Tenant tenant;
        private final Crowds crowd;
        private final EventReceiver receiver;
        private final Duration time;
        private Optional<Stretch> best = Optional.empty();
        private int run;

        Runs(Rig rig, Tenant tenant, Crowds crowd, EventReceiver receiver, Duration time) {
            this.rig = rig;
            this.tenant = tenant;
            this.crowd = crowd;
            this.receiver = receiver;
            this.time = time;
        }

        List<Stretch> rates(int consumers, List<Integer> rates, Consumer<String> progress) {
            List<Stretch> stretches = new ArrayList<>();
            best = Optional.empty();
            for (int rate : rates) {
                Stretch stretch = stretch(consumers, rate);
                progress.accept("%d consumers, %d/s offered: pulled p50 %.1f ms, p99 %.1f ms"
                        .formatted(consumers, rate, stretch.arrivals.millis(50), stretch.arrivals.millis(99)));
                if (Uplinks.isReached(rate, stretch.sentPerSecond(time), stretch.counts, stretch.arrivals)) {
                    best = Optional.of(stretch);
                }
                stretches.add(stretch);
            }
            return stretches;
        }

        /** Of the last {@link #rates}, the highest that was reached. */
        Optional<Stretch> best() {
            return best;
        }

        Stretch stretch(int count, int rate) {
            List<GroupConsumer> consumers = IntStream.rangeClosed(1, count)
                    .mapToObj(i ->
                            GroupConsumer.start(rig.center(), tenant, Crowds.UPLINK_TYPE, GROUP, i, receiver::take))
                    .toList();
            try {
                return stretch(consumers, rate);
            } finally {
                consumers.forEach(GroupConsumer::end);
                consumers.forEach(GroupConsumer::close);
            }
        }

        private Stretch stretch(List<GroupConsumer> consumers, int rate) {
            var _ = crowd.counts(); // begins anew
            run++;
            receiver.begin(run);
            Meter meter = Meter.start(rig.pids(crowd));
            crowd.send(rate, Sending.OPEN, run, Uplinks.PAYLOAD_BYTES);
            Pause.of(time);
            crowd.send(0, Sending.OPEN, run, Uplinks.PAYLOAD_BYTES);
            CrowdCounts sum = new CrowdCounts();
            Pause.until(
                    () -> {
                        sum.add(crowd.counts());
                        long acked = sum.keptUs().getTotalCount();
                        return (acked + sum.refused() == sum.sent() && receiver.uplinks() >= acked)
                                || consumers.stream()
                                        .anyMatch(
                                                consumer -> !consumer.problem().isEmpty());
                    },
                    SETTLED_WITHIN);
            for (GroupConsumer consumer : consumers) {
                if (!consumer.problem().isEmpty()) {
                    throw new ClusterException("a consumer ended: " + consumer.problem());
                }
            }
            return new Stretch(consumers.size(), rate, sum, receiver.arrivals(), meter.stop());
        }
    }
}
