package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.measure.Median;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd.Sent;
import io.longline.bench.rig.PacedPushes;
import io.longline.bench.rig.PacedPushes.Answers;
import io.longline.bench.rig.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A product beside another one that is at its limit, and beside one that stays below it: what the first notices of the difference. */
public final class Fair implements Scenario {
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(20);
    /** How many times what the other product may send it asks for. */
    private static final int TIMES = 3;

    @Override
    public String name() {
        return "fair";
    }

    @Override
    public String description() {
        return "Pushes of " + Served.PAYLOAD_BYTES
                + " B to connected clients, each acknowledged, beside those of another product with a limit of as many a second: in turn it"
                + " sends as many as it may, and three times as many, of which the rest is refused. Times from when a push was due.";
    }

    @Override
    public Load small() {
        return Load.of(500, 2, 4, 100);
    }

    @Override
    public Load full() {
        return Load.of(2_000, 8, 20, 150);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Below the limit, and at it",
                "round",
                "p50 below ms",
                "p50 at ms",
                "p99 below ms",
                "p99 at ms",
                "ratio of p99",
                "refused below",
                "refused at");
        List<Double> ratios = new ArrayList<>();
        List<Double> ofMedians = new ArrayList<>();
        try (Served served = new Served(rig, rig.product(false), load.clients());
                Other other = new Other(rig, load.rate())) {
            served.connect(load.clients());
            stretch(served, other, 1, load, result); // warms up
            for (int round = 1; round <= load.rounds(); round++) {
                Stretch below = stretch(served, other, 1, load, result);
                Stretch at = stretch(served, other, TIMES, load, result);
                double ratio = at.counts.latencyMs(99) / below.counts.latencyMs(99);
                ratios.add(ratio);
                ofMedians.add(at.counts.latencyMs(50) / below.counts.latencyMs(50));
                table.add(
                        round,
                        below.counts.latencyMs(50),
                        at.counts.latencyMs(50),
                        below.counts.latencyMs(99),
                        at.counts.latencyMs(99),
                        ratio,
                        below.others.refused(),
                        at.others.refused());
                progress.accept("round %d: p99 %.2f times".formatted(round, ratio));
                if (at.others.refused() == 0) {
                    result.failed("round %d: the other product was not at its limit".formatted(round));
                }
            }
        }
        result.add(table);
        result.figure("p99 beside a product at its limit, times", Median.of(ratios));
        result.figure("p50 beside a product at its limit, times", Median.of(ofMedians));
        result.found(
                "beside a product at its limit p99 is %.2f times, p50 %.2f times what it is below (medians of %d rounds)"
                        .formatted(Median.of(ratios), Median.of(ofMedians), load.rounds()));
        return result;
    }

    /** What the clients of the first product saw, and what became of the other's pushes. */
    private record Stretch(CrowdCounts counts, Answers others) {}

    private static Stretch stretch(Served served, Other other, int times, Load load, Result result) {
        var _ = served.crowd().counts(); // begins anew
        CompletableFuture<Answers> others = other.send(times, load.stretch());
        Sent sent = served.push(load.rate(), load.stretch());
        Answers answers = others.join();
        served.awaitArrival(sent, ARRIVE_WITHIN);
        CrowdCounts counts = served.crowd().counts();
        served.check(result, times == 1 ? "below the limit" : "at the limit", counts, sent);
        return new Stretch(counts, answers);
    }

    /** The product with the limit, which sends to users who are away. */
    private static final class Other implements AutoCloseable {
        private final PacedPushes below;
        private final PacedPushes above;

        Other(Rig rig, int perSecond) {
            var tenant = rig.limitedProduct(perSecond);
            this.below = new PacedPushes(rig.center(), tenant, perSecond);
            this.above = new PacedPushes(rig.center(), tenant, perSecond * TIMES);
        }

        CompletableFuture<Answers> send(int times, Duration stretch) {
            PacedPushes pushes = times == 1 ? below : above;
            return CompletableFuture.supplyAsync(() -> pushes.send(stretch), Thread.ofPlatform()::start);
        }

        @Override
        public void close() {
            below.close();
            above.close();
        }
    }
}
