package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.measure.Median;
import io.longline.bench.measure.ProcessUse;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd.Sent;
import io.longline.bench.rig.Rig;
import io.longline.bench.scenario.Abuser.Deed;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Others do harm to the room, on purpose or not: what clients that are served meanwhile notice of it. */
public final class Abuse implements Scenario {
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "abuse";
    }

    @Override
    public String description() {
        return "Pushes of " + Served.PAYLOAD_BYTES
                + " B to connected clients, each acknowledged, while others drip a hello byte by byte,"
                + " half-close, reset, flood with pings, never read, and connect 100,000 times a minute, each in turn:"
                + " times from when a push was due, beside those of the quiet stretch before.";
    }

    @Override
    public Load small() {
        return Load.of(500, 1, 3, 200);
    }

    @Override
    public Load full() {
        return Load.of(5_000, 5, 10, 500);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Clients that are served",
                "meanwhile",
                "begun a second",
                "arrived p50 ms",
                "p99 ms",
                "p99 of the quiet before",
                "ratio of p99",
                "room pss MiB");
        try (Served served = new Served(rig, rig.product(false), load.clients())) {
            served.connect(load.clients());
            stretch(served, load, result, "the first"); // warms up
            for (Deed deed : Deed.values()) {
                double ratio = Median.of(IntStream.range(0, load.rounds())
                        .mapToObj(_ -> round(rig, served, deed, load, result, table))
                        .toList());
                progress.accept("%s: p99 %.2f times that of the quiet".formatted(deed.words(), ratio));
                result.figure(deed.words() + ": p99 of the others, times", ratio);
                result.found("%s: p99 of the others %.2f times what it is without (median of %d)"
                        .formatted(deed.words(), ratio, load.rounds()));
            }
            int away = served.crowd().away();
            if (away > 0) {
                result.failed(away + " clients that did nothing wrong lost their link");
            }
        }
        result.add(table);
        return result;
    }

    /** A quiet stretch and one with the deed; answers how many times the p99 of the first that of the second is. */
    private static double round(Rig rig, Served served, Deed deed, Load load, Result result, Table table) {
        CrowdCounts quiet = stretch(served, load, result, "quiet");
        try (Abuser abuser = Abuser.start(deed, rig.cluster().rooms().getFirst())) {
            CrowdCounts during = stretch(served, load, result, deed.words());
            double ratio = during.latencyMs(99) / quiet.latencyMs(99);
            table.add(
                    deed.words(),
                    abuser.begun() / (double) load.stretch().toSeconds(),
                    during.latencyMs(50),
                    during.latencyMs(99),
                    quiet.latencyMs(99),
                    ratio,
                    ProcessUse.pss(rig.roomPid(0)) / 1048576.0);
            return ratio;
        }
    }

    private static CrowdCounts stretch(Served served, Load load, Result result, String name) {
        var _ = served.crowd().counts(); // begins anew
        Sent sent = served.push(load.rate(), load.stretch());
        served.awaitArrival(sent, ARRIVE_WITHIN);
        CrowdCounts counts = served.crowd().counts();
        served.check(result, name, counts, sent);
        return counts;
    }
}
