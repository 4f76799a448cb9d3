package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Median;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How many whole logins a second of CPU allows: connection, hello, token, bind in Redis, load of an empty inbox. */
public final class Login implements Scenario {
    private static final Duration SETTLES = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "login";
    }

    @Override
    public String description() {
        return "Whole logins (hello, token, bind, load of an empty inbox) for each CPU second of all server processes, "
                + Crowds.HANDSHAKES_AT_ONCE + " at a time.";
    }

    @Override
    public Load small() {
        return Load.of(3_000, 3, 1);
    }

    @Override
    public Load full() {
        return Load.of(18_000, 5, 1);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table rounds = Table.of(
                "Rounds",
                "round",
                "logins",
                "seconds",
                "logins/s",
                "logins/server CPU s",
                "p50 ms",
                "p99 ms",
                "crowd CPU %");
        List<Double> rates = new ArrayList<>();
        try (Crowds crowd = rig.crowd(Wire.NATIVE, rig.product(true), load.clients())) {
            for (int round = 1 - load.rounds(); round <= load.rounds(); round++) { // as many again warm up
                var _ = crowd.counts(); // begins anew
                Meter meter = Meter.start(rig.pids(crowd));
                long begun = System.nanoTime();
                crowd.connect(load.clients());
                double seconds = (System.nanoTime() - begun) / 1e9;
                Pause.of(SETTLES); // what the login left to do belongs to it
                CpuUse use = meter.stop();
                CrowdCounts counts = crowd.counts();
                crowd.disconnect();
                Pause.of(SETTLES);
                double rate = load.clients() / use.seconds(rig::isServer);
                rounds.add(
                        round > 0 ? Integer.toString(round) : "warm-up",
                        load.clients(),
                        seconds,
                        load.clients() / seconds,
                        rate,
                        counts.loginUs().getValueAtPercentile(50) / 1e3,
                        counts.loginUs().getValueAtPercentile(99) / 1e3,
                        use.percent(name -> name.startsWith("crowd")));
                if (round > 0) {
                    rates.add(rate);
                }
                if (round == load.rounds()) {
                    result.add(Shares.of("CPU of the last round", use, load.clients(), "login"));
                }
                progress.accept("round %d: %.0f logins for each CPU second".formatted(round, rate));
            }
            result.add(rounds);
        }
        result.figure("logins a CPU second", Median.of(rates));
        result.found("%.0f logins for each CPU second of all server processes (median of %d)"
                .formatted(Median.of(rates), rates.size()));
        return result;
    }
}
