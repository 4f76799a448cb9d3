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
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What clients send, from the client to the acknowledgement and to the back end. */
public final class Uplinks implements Scenario {
    static final int PAYLOAD_BYTES = 256;
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    /** A rate counts as reached if so much of it was sent, all was acknowledged, and what came last came so soon. */
    private static final double REACHED = 0.97;

    private static final double SOON_MS = 2_000;

    @Override
    public String name() {
        return "uplinks";
    }

    @Override
    public String description() {
        return "Uplinks of " + PAYLOAD_BYTES
                + " B by connected clients in turn, whether or not those before were answered, to a callback on this machine;"
                + " times from when one was due. The first stretch warms up.";
    }

    @Override
    public Load small() {
        return Load.of(500, 1, 4, 200, 1_000);
    }

    @Override
    public Load full() {
        return Load.of(5_000, 1, 15, 500, 1_000, 2_000, 4_000, 6_000, 8_000);
    }

    /** What one stretch brought. */
    private record Stretch(int rate, CrowdCounts counts, EventReceiver.Arrivals arrivals, CpuUse use) {

        double reached(Duration time) {
            return counts.sent() / (double) time.toSeconds();
        }
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Uplinks",
                "offered/s",
                "sent/s",
                "acked p50 ms",
                "acked p99 ms",
                "called p50 ms",
                "called p99 ms",
                "refused",
                "repeated",
                "a request",
                "server CPU %",
                "crowd CPU %",
                "back end CPU %");
        Plot.Pen acked = new Plot.Pen("acknowledged");
        Plot.Pen called = new Plot.Pen("at the back end");
        Stretch best = null;
        try (EventReceiver receiver = new EventReceiver()) {
            Tenant tenant = rig.productWithCallbacks(false, receiver.url(), List.of("uplink." + Crowds.UPLINK_TYPE));
            try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients())) {
                crowd.connect(load.clients());
                Runs runs = new Runs(rig, crowd, receiver, load.stretch());
                var _ = runs.stretch(load.rate());
                for (int rate : load.rates()) {
                    Stretch stretch = runs.stretch(rate);
                    add(stretch, load, rig, table);
                    check(stretch, result);
                    acked.to(rate, stretch.counts.keptUs().getValueAtPercentile(99) / 1e3);
                    called.to(rate, stretch.arrivals.millis(99));
                    progress.accept("%d/s offered, at the back end p50 %.1f ms, p99 %.1f ms"
                            .formatted(rate, stretch.arrivals.millis(50), stretch.arrivals.millis(99)));
                    if (isReached(rate, stretch.reached(load.stretch()), stretch.counts, stretch.arrivals)) {
                        best = stretch;
                    }
                }
            }
        }
        result.add(table);
        result.add(new Plot("From due", "uplinks a second", "p99, ms", List.of(acked.line(), called.line())));
        if (best == null) {
            result.found("no rate was reached");
        } else {
            result.figure("uplinks a second", best.rate);
            result.found(
                    "%d uplinks a second reached: acknowledged within %.1f ms, at the back end within %.1f ms (p99)"
                            .formatted(
                                    best.rate,
                                    best.counts.keptUs().getValueAtPercentile(99) / 1e3,
                                    best.arrivals.millis(99)));
            result.add(Shares.of("CPU at %d/s".formatted(best.rate), best.use, best.counts.sent(), "uplink"));
        }
        return result;
    }

    static boolean isReached(int rate, double sentPerSecond, CrowdCounts counts, EventReceiver.Arrivals arrivals) {
        return sentPerSecond >= REACHED * rate && counts.refused() == 0 && arrivals.millis(99) <= SOON_MS;
    }

    private static void add(Stretch stretch, Load load, Rig rig, Table table) {
        CrowdCounts counts = stretch.counts;
        table.add(
                stretch.rate,
                stretch.reached(load.stretch()),
                counts.keptUs().getValueAtPercentile(50) / 1e3,
                counts.keptUs().getValueAtPercentile(99) / 1e3,
                stretch.arrivals.millis(50),
                stretch.arrivals.millis(99),
                counts.refused(),
                stretch.arrivals.repeated(),
                (double) stretch.arrivals.uplinks() / Math.max(1L, stretch.arrivals.requests()),
                stretch.use.percent(rig::isServer),
                stretch.use.percent(name -> name.startsWith("crowd")),
                stretch.use.percent("sender"::equals));
    }

    /** What was acknowledged has come, in order. */
    private static void check(Stretch stretch, Result result) {
        CrowdCounts counts = stretch.counts;
        String where = "at " + stretch.rate + "/s";
        long acked = counts.keptUs().getTotalCount();
        long unanswered = counts.sent() - acked - counts.refused();
        if (unanswered != 0) {
            result.failed("%s: %d uplinks were not answered".formatted(where, unanswered));
        }
        if (stretch.arrivals.uplinks() < acked) {
            result.failed("%s: %d uplinks of %d were acknowledged and did not arrive"
                    .formatted(where, acked - stretch.arrivals.uplinks(), acked));
        }
        if (stretch.arrivals.disordered() > 0) {
            result.failed("%s: %d uplinks came out of order".formatted(where, stretch.arrivals.disordered()));
        }
    }

    /** One stretch after the other. */
    private static final class Runs {
        private final Rig rig;
        private final Crowds crowd;
        private final EventReceiver receiver;
        private final Duration time;
        private int run;

        Runs(Rig rig, Crowds crowd, EventReceiver receiver, Duration time) {
            this.rig = rig;
            this.crowd = crowd;
            this.receiver = receiver;
            this.time = time;
        }

        Stretch stretch(int rate) {
            var _ = crowd.counts(); // begins anew
            run++;
            receiver.begin(run);
            Meter meter = Meter.start(rig.pids(crowd));
            crowd.send(rate, Sending.OPEN, run, PAYLOAD_BYTES);
            Pause.of(time);
            crowd.send(0, Sending.OPEN, run, PAYLOAD_BYTES);
            CrowdCounts sum = new CrowdCounts();
            Pause.until(
                    () -> {
                        sum.add(crowd.counts());
                        long acked = sum.keptUs().getTotalCount();
                        return acked + sum.refused() == sum.sent() && receiver.uplinks() >= acked;
                    },
                    SETTLED_WITHIN);
            return new Stretch(rate, sum, receiver.arrivals(), meter.stop());
        }
    }
}
