package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Stamp;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Median;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A message to every session of a room, again and again, in turns with the floor: as many connections and bytes, sent by a C program
 * that does nothing else. Each message is one write of a link; in a second kind of rounds they come so fast that they merge.
 */
public final class Fanout implements Scenario {
    private static final int MESSAGES = 50;
    static final int PAYLOAD_BYTES = 256;
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public String description() {
        return MESSAGES + " messages of " + PAYLOAD_BYTES
                + " B, QoS 0, to every session of a room: deliveries for each CPU second of the"
                + " room, unmerged and merged, in turns with the floor. Then the same at several rates (--rates), to a topic, as broadcasts (up to "
                + FanoutRates.MOST_BROADCASTS_A_SECOND
                + " a second) and to everybody by an internal call, with merge windows of "
                + FanoutRates.WINDOWS_MS
                + " ms, to as many clients as make 50,000 deliveries a second, 500,000 with the longest.";
    }

    @Override
    public Load small() {
        return Load.of(3_000, 2, 1, 10, 1_000);
    }

    @Override
    public Load full() {
        return Load.of(18_000, 3, 4, 1, 10, 1_000);
    }

    /** What one round brought. */
    private record Round(double perCpuSecond, double perSecond, double merged, double crowdPercent) {}

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table rounds = Table.of(
                "Rounds",
                "round",
                "deliveries/CPU s",
                "deliveries/s",
                "messages a read",
                "crowd CPU %",
                "of the floor");
        List<Double> ratios = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        List<Double> merged = new ArrayList<>();
        Tenant tenant = rig.product(true);
        try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients());
                FloorSide floor = FloorSide.start(load.clients(), PAYLOAD_BYTES, rig.folder())) {
            crowd.connect(load.clients());
            int run = 0;
            for (int round = 0; round <= load.rounds(); round++) {
                String name = round == 0 ? "warm-up" : Integer.toString(round);
                Round one = round(rig, crowd, tenant, ++run, false, result);
                double least = floor == null ? 0 : floor.perCpuSecond(MESSAGES);
                Round many = round(rig, crowd, tenant, ++run, true, result);
                add(rounds, name + " one by one", one, least);
                if (least > 0) {
                    rounds.add(name + " floor", least, 0.0, 1.0, 0.0, 1.0);
                }
                add(rounds, name + " merged", many, least);
                if (round > 0) {
                    alone.add(one.perCpuSecond);
                    merged.add(many.perCpuSecond);
                    ratios.add(least > 0 ? one.perCpuSecond / least : 0);
                }
                progress.accept("round %s: %.0f deliveries for each CPU second, %.2f of the floor; merged %.0f"
                        .formatted(
                                name, one.perCpuSecond, least > 0 ? one.perCpuSecond / least : 0, many.perCpuSecond));
            }
        }
        result.add(rounds);
        result.figure("unmerged deliveries a CPU second", Median.of(alone));
        if (Median.of(ratios) > 0) {
            result.figure("unmerged, of the floor", Median.of(ratios));
        }
        result.figure("merged deliveries a CPU second", Median.of(merged));
        result.found("unmerged: %.0f deliveries for each CPU second of the room (median of %d)"
                .formatted(Median.of(alone), alone.size()));
        result.found(
                Median.of(ratios) > 0
                        ? "unmerged: %.2f of the floor (median of %d)".formatted(Median.of(ratios), ratios.size())
                        : "no floor to compare with: this machine has no C compiler (cc)");
        result.found(
                "as fast as they can: %.0f deliveries for each CPU second of the room".formatted(Median.of(merged)));
        new FanoutRates(rig, load, result, progress).measure();
        return result;
    }

    private static void add(Table rounds, String name, Round round, double floor) {
        rounds.add(
                name,
                round.perCpuSecond,
                round.perSecond,
                round.merged,
                round.crowdPercent,
                floor > 0 ? round.perCpuSecond / floor : 0.0);
    }

    /** @param atOnce all messages are handed over at the same moment; else each when the last was told to all */
    private static Round round(Rig rig, Crowds crowd, Tenant tenant, int run, boolean atOnce, Result result) {
        var _ = crowd.counts(); // begins anew
        Meter meter = Meter.start(rig.pids(crowd));
        List<CompletableFuture<?>> told = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            String text = new Stamp(run, i, System.nanoTime()).text(PAYLOAD_BYTES);
            CompletableFuture<?> one = rig.rooms().tellEverybody(tenant.product(), text);
            told.add(one);
            if (!atOnce) {
                one.join();
            }
        }
        told.forEach(CompletableFuture::join);
        long total = (long) MESSAGES * crowd.clients();
        Pause.until(() -> crowd.missing(run, total) == 0, ARRIVE_WITHIN);
        CpuUse use = meter.stop();
        CrowdCounts counts = crowd.counts();
        Loss.check(result, atOnce ? "merged" : "one by one", counts, crowd.missing(run, total));
        double cpu = use.seconds("room-1"::equals);
        return new Round(
                counts.messages() / cpu,
                counts.messages() / use.wallSeconds(),
                (double) counts.messages() / Math.max(1, counts.reads()),
                use.percent(name -> name.startsWith("crowd")));
    }
}
