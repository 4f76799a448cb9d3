package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Median;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Pushes to single clients while everybody is sent something else, beside the same pushes alone. */
public final class Mixed implements Scenario {
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "mixed";
    }

    @Override
    public String description() {
        return "Pushes (QoS 1, " + Served.PAYLOAD_BYTES
                + " B) to clients in turn by HTTP, alone, then during a broadcast that is paced to take the stretch, then during unpaced"
                + " broadcasts one after the other; each round all three. Times from when a push was due to its arrival.";
    }

    @Override
    public Load small() {
        return Load.of(1_000, 1, 4, 100);
    }

    @Override
    public Load full() {
        return Load.of(10_000, 3, 10, 500);
    }

    /** What goes on beside the pushes. */
    private enum Beside {
        NOTHING("nothing"),
        PACED("a paced broadcast"),
        UNPACED("unpaced broadcasts");

        private final String words;

        Beside(String words) {
            this.words = words;
        }
    }

    /** Of the pushes, in ms. */
    private record Times(double p50, double p99) {}

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Pushes",
                "beside",
                "round",
                "pushes",
                "p50 ms",
                "p99 ms",
                "refused",
                "broadcasts",
                "delivered/s",
                "server CPU %",
                "crowd CPU %");
        Map<Beside, List<Times>> times = new EnumMap<>(Beside.class);
        Tenant tenant = rig.product(false);
        try (Served served = new Served(rig, tenant, load.clients());
                Cast cast = new Cast(rig, tenant, served.crowd())) {
            served.connect(load.clients());
            for (int round = 0; round <= load.rounds(); round++) {
                String name = round == 0 ? "warm-up" : Integer.toString(round);
                for (Beside beside : Beside.values()) {
                    Times of = new Stretch(rig, served, cast, load, result).measure(beside, name, table);
                    if (round > 0) {
                        times.computeIfAbsent(beside, _ -> new ArrayList<>()).add(of);
                    }
                    progress.accept(
                            "%s, beside %s: p50 %.1f ms, p99 %.1f ms".formatted(name, beside.words, of.p50, of.p99));
                }
            }
        }
        result.add(table);
        Times alone = tell(Beside.NOTHING, times, result);
        for (Beside beside : List.of(Beside.PACED, Beside.UNPACED)) {
            Times during = tell(beside, times, result);
            result.found("%s: p50 %.1f ms and p99 %.1f ms instead of %.1f and %.1f (medians of %d)"
                    .formatted(beside.words, during.p50, during.p99, alone.p50, alone.p99, load.rounds()));
        }
        return result;
    }

    private static Times tell(Beside beside, Map<Beside, List<Times>> all, Result result) {
        List<Times> times = Objects.requireNonNull(all.get(beside));
        Times median = new Times(
                Median.of(times.stream().map(Times::p50).toList()),
                Median.of(times.stream().map(Times::p99).toList()));
        result.figure("p50 ms beside " + beside.words, median.p50);
        result.figure("p99 ms beside " + beside.words, median.p99);
        return median;
    }

    /** One stretch of pushes. */
    private record Stretch(Rig rig, Served served, Cast cast, Load load, Result result) {

        Times measure(Beside beside, String round, Table table) {
            Crowds crowd = served.crowd();
            var _ = crowd.counts(); // begins anew
            Meter meter = Meter.start(rig.pids(crowd));
            AtomicBoolean pushing = new AtomicBoolean(true);
            CompletableFuture<Integer> casting =
                    CompletableFuture.supplyAsync(() -> broadcast(beside, pushing), Thread.ofVirtual()::start);
            BackEnd.Sent sent = served.push(load.rate(), load.stretch());
            pushing.set(false);
            int broadcasts = casting.join();
            served.awaitArrival(sent, ARRIVE_WITHIN);
            CpuUse use = meter.stop();
            CrowdCounts counts = crowd.counts();
            served.check(result, "beside " + beside.words, counts, sent);
            if (broadcasts > 0) {
                cast.check(result, beside.words, counts);
            }
            Times times = new Times(counts.latencyMs(50), counts.latencyMs(99));
            table.add(
                    beside.words,
                    round,
                    sent.pushes(),
                    times.p50,
                    times.p99,
                    sent.refused(),
                    broadcasts,
                    counts.topicUs().getTotalCount() / use.wallSeconds(),
                    use.percent(rig::isServer),
                    use.percent(name -> name.startsWith("crowd")));
            return times;
        }

        /** Answers how many there were. */
        private int broadcast(Beside beside, AtomicBoolean pushing) {
            int broadcasts = 0;
            switch (beside) {
                case NOTHING -> {}
                case PACED -> {
                    cast.send(Math.max(1, (int) (load.clients() / load.stretch().toSeconds())));
                    broadcasts++;
                }
                case UNPACED -> {
                    do {
                        cast.send(0);
                        broadcasts++;
                    } while (pushing.get());
                }
            }
            return broadcasts;
        }
    }
}
