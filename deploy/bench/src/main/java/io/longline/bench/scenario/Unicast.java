package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Plot;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Pushes to single devices, from the HTTP request to the acknowledgement, at several rates and in both durabilities. */
public final class Unicast implements Scenario {
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(20);
    /** A rate counts as reached if the sender was not held up by more. */
    private static final double REACHED = 0.97;

    @Override
    public String name() {
        return "unicast";
    }

    @Override
    public String description() {
        return "At-least-once pushes of " + Served.PAYLOAD_BYTES
                + " B to connected clients in turn, by HTTP, each acknowledged by its client;"
                + " times from when a push was due. The first stretch of each durability warms up.";
    }

    @Override
    public Load small() {
        return Load.of(500, 1, 4, 200, 1_000);
    }

    @Override
    public Load full() {
        return Load.of(5_000, 1, 20, 500, 1_000, 2_000, 3_000, 4_000, 5_000);
    }

    /** What one stretch brought. */
    private record Stretch(int rate, BackEnd.Sent sent, CrowdCounts counts, CpuUse use, long missing) {

        double reached() {
            return sent.pushes() / sent.seconds();
        }

        double p99Ms() {
            return counts.latencyMs(99);
        }
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        List<Plot.Line> lines = new ArrayList<>();
        for (boolean journaled : List.of(true, false)) {
            lines.add(run(rig, journaled, load, result, progress));
        }
        result.add(new Plot("From due to arrival", "pushes a second", "p99, ms", lines));
        return result;
    }

    private static Plot.Line run(Rig rig, boolean journaled, Load load, Result result, Consumer<String> progress) {
        String durability = journaled ? "mysql" : "redis";
        Table table = Table.of(
                "Durability " + durability,
                "offered/s",
                "reached/s",
                "arrived p50 ms",
                "p99 ms",
                "p99.9 ms",
                "answered p99 ms",
                "refused",
                "repeated",
                "server CPU %",
                "crowd CPU %",
                "sender CPU %");
        Plot.Pen pen = new Plot.Pen(durability);
        Stretch best = null;
        double most = 0;
        try (Served served = new Served(rig, rig.product(journaled), load.clients())) {
            served.connect(load.clients());
            stretch(rig, served, load.rate(), load.stretch());
            for (int rate : load.rates()) {
                Stretch stretch = stretch(rig, served, rate, load.stretch());
                table.add(
                        rate,
                        stretch.reached(),
                        stretch.counts.latencyMs(50),
                        stretch.p99Ms(),
                        stretch.counts.latencyMs(99.9),
                        stretch.sent.answeredUs().getValueAtPercentile(99) / 1e3,
                        stretch.sent.refused(),
                        stretch.counts.repeated(),
                        stretch.use.percent(rig::isServer),
                        stretch.use.percent(name -> name.startsWith("crowd")),
                        stretch.use.percent("sender"::equals));
                pen.to(rate, stretch.p99Ms());
                most = Math.max(most, stretch.reached());
                Loss.check(result, durability + " at " + rate + "/s", stretch.counts, stretch.missing);
                progress.accept("%s: %d/s offered, p99 %.1f ms".formatted(durability, rate, stretch.p99Ms()));
                if (stretch.reached() >= REACHED * rate && stretch.sent.givenUp() == 0) {
                    best = stretch;
                }
            }
        }
        result.add(table);
        result.figure(durability + ": most pushes a second", most);
        if (best == null) {
            result.found(durability + ": no rate was reached");
        } else {
            result.found("%s: %d pushes a second reached, p99 %.1f ms".formatted(durability, best.rate, best.p99Ms()));
            result.add(Shares.of(
                    "CPU at %d/s, %s".formatted(best.rate, durability), best.use, best.sent.pushes(), "push"));
        }
        return pen.line();
    }

    private static Stretch stretch(Rig rig, Served served, int rate, Duration time) {
        Crowds crowd = served.crowd();
        var _ = crowd.counts(); // begins anew
        Meter meter = Meter.start(rig.pids(crowd));
        BackEnd.Sent sent = served.push(rate, time);
        served.awaitArrival(sent, ARRIVE_WITHIN);
        CpuUse use = meter.stop();
        CrowdCounts counts = crowd.counts();
        return new Stretch(rate, sent, counts, use, served.missing(sent));
    }
}
