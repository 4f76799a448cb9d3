package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.measure.Pacing;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** All loads at once, as on any day: clients that drop and come back, heartbeats, what waited for them, pushes, and a paced broadcast. */
public final class Day implements Scenario {
    /** Of the clients that drop their link each second, in thousandths. */
    private static final List<Integer> DROPS_PERMILLE = List.of(0, 1, 10);

    private static final Duration AWAY = Duration.ofSeconds(10);
    private static final Duration PING_EVERY = Duration.ofMinutes(1);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(60);

    private final Duration away;

    public Day() {
        this(AWAY);
    }

    /** @param away for how long a client that drops its link stays away, at most */
    Day(Duration away) {
        this.away = away;
    }

    @Override
    public String name() {
        return "day";
    }

    @Override
    public String description() {
        return "Pushes (QoS 1, " + Served.PAYLOAD_BYTES + " B) to clients in turn while each client pings once in "
                + PING_EVERY.toSeconds()
                + " s; then the same with a broadcast paced to take the stretch, and 0.1 % and 1 % of the clients a"
                + " second that drop their link and come back after anything up to " + away.toSeconds()
                + " s, to load what waited: p99 of each.";
    }

    @Override
    public Load small() {
        return Load.of(1_000, 1, 8, 100);
    }

    @Override
    public Load full() {
        return Load.of(10_000, 1, 30, 500);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "p99 of each, ms",
                "reconnects/s",
                "came back",
                "login",
                "loads",
                "load",
                "pings",
                "ping",
                "pushes",
                "push p50",
                "push",
                "broadcast s",
                "most/s",
                "set/s",
                "refused",
                "repeated",
                "server CPU %",
                "crowd CPU %");
        Tenant tenant = rig.product(false);
        try (Served served = new Served(rig, tenant, load.clients());
                Cast cast = new Cast(rig, tenant, served.crowd())) {
            served.connect(load.clients());
            var _ = served.push(load.rate(), load.stretch()); // warms up
            cast.send(0);
            for (int permille : DROPS_PERMILLE) {
                new Stretch(rig, served, cast, load, permille, away, result).measure(table, progress);
            }
        }
        result.add(table);
        return result;
    }

    /** One stretch with so many thousandths of the clients that drop their link each second; 0: without a broadcast, too. */
    private record Stretch(Rig rig, Served served, Cast cast, Load load, int permille, Duration away, Result result) {

        void measure(Table table, Consumer<String> progress) {
            Crowds crowd = served.crowd();
            double drops = load.clients() * permille / 1_000.0;
            int pace = Math.max(1, (int) (load.clients() / load.stretch().toSeconds()));
            var _ = crowd.counts(); // begins anew
            Meter meter = Meter.start(rig.pids(crowd));
            crowd.ping((double) load.clients() / PING_EVERY.toSeconds());
            crowd.drop(drops, away);
            if (permille > 0) {
                cast.begin(pace);
            }
            BackEnd.Sent sent = served.push(load.rate(), load.stretch());
            crowd.ping(0);
            crowd.drop(0, away);
            CpuUse use = meter.stop();
            boolean areBack = Pause.until(() -> crowd.away() == 0, BACK_WITHIN);
            if (!areBack) {
                result.failed("%d clients did not come back: %s".formatted(crowd.away(), crowd.problem()));
            }
            served.awaitArrival(sent, BACK_WITHIN);
            if (permille > 0) {
                cast.await();
            }
            CrowdCounts counts = crowd.counts();
            served.check(result, words(), counts, sent);
            if (permille > 0) {
                cast.check(result, words() + ", the broadcast", counts);
            }
            Pacing pacing = Pacing.of(counts.topicUs());
            table.add(
                    drops,
                    counts.loginUs().getTotalCount(),
                    p99(counts.loginUs()),
                    counts.loadedUs().getTotalCount(),
                    p99(counts.loadedUs()),
                    counts.pongUs().getTotalCount(),
                    p99(counts.pongUs()),
                    sent.pushes(),
                    counts.latencyMs(50),
                    counts.latencyMs(99),
                    counts.topicUs().getMaxValue() / 1e6,
                    pacing.mostInASecond(),
                    permille > 0 ? pace : 0,
                    sent.refused(),
                    counts.repeated(),
                    use.percent(rig::isServer),
                    use.percent(name -> name.startsWith("crowd")));
            tell(counts, progress);
        }

        private String words() {
            return permille == 0 ? "pushes and pings alone" : "%.1f %% reconnects a second".formatted(permille / 10.0);
        }

        private void tell(CrowdCounts counts, Consumer<String> progress) {
            String finding = "%s: p99 of a push %.0f ms, a ping %.0f ms"
                    .formatted(words(), counts.latencyMs(99), p99(counts.pongUs()));
            result.figure(words() + ": p99 ms of a push", counts.latencyMs(99));
            result.figure(words() + ": p99 ms of a ping", p99(counts.pongUs()));
            if (permille > 0) {
                result.figure(words() + ": p99 ms of a login", p99(counts.loginUs()));
                result.figure(words() + ": p99 ms until what waited is there", p99(counts.loadedUs()));
                result.figure(words() + ": s until 99 % have the broadcast", p99(counts.topicUs()) / 1e3);
                finding +=
                        ", a login %.0f ms, until what waited is there %.0f ms; 99 %% have the broadcast after %.1f s"
                                .formatted(p99(counts.loginUs()), p99(counts.loadedUs()), p99(counts.topicUs()) / 1e3);
            }
            result.found(finding);
            progress.accept(finding);
        }

        private static double p99(Histogram us) {
            return us.getValueAtPercentile(99) / 1e3;
        }
    }
}
