package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.Median;
import io.longline.bench.measure.ProcessUse;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.Rig;
import io.longline.bench.scenario.Abuser.Deed;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Others do harm to the room, on purpose or not: what clients that are served meanwhile notice of it. */
public final class Abuse implements Scenario {
    private static final int PAYLOAD_BYTES = 256;
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "abuse";
    }

    @Override
    public String description() {
        return "Pushes of " + PAYLOAD_BYTES
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

    /** What one stretch brought. */
    private record Stretch(CrowdCounts counts, long pssBytes) {

        double ms(double percentile) {
            return counts.latencyUs().getValueAtPercentile(percentile) / 1e3;
        }
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
        Tenant tenant = rig.product(false);
        try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients());
                BackEnd backEnd = new BackEnd(rig.cluster().centers().getFirst(), tenant, PAYLOAD_BYTES)) {
            crowd.acks(true);
            crowd.connect(load.clients());
            stretch(rig, crowd, backEnd, load, result, "the first"); // warms up
            for (Deed deed : Deed.values()) {
                List<Double> ratios = new ArrayList<>();
                for (int round = 0; round < load.rounds(); round++) {
                    Stretch quiet = stretch(rig, crowd, backEnd, load, result, "quiet");
                    try (Abuser abuser =
                            Abuser.start(deed, rig.cluster().rooms().getFirst())) {
                        Stretch during = stretch(rig, crowd, backEnd, load, result, deed.words());
                        ratios.add(during.ms(99) / quiet.ms(99));
                        table.add(
                                deed.words(),
                                abuser.begun() / (double) load.stretch().toSeconds(),
                                during.ms(50),
                                during.ms(99),
                                quiet.ms(99),
                                ratios.getLast(),
                                during.pssBytes() / 1048576.0);
                    }
                }
                progress.accept("%s: p99 %.2f times that of the quiet".formatted(deed.words(), Median.of(ratios)));
                result.found("%s: p99 of the others %.2f times what it is without (median of %d)"
                        .formatted(deed.words(), Median.of(ratios), load.rounds()));
            }
            if (crowd.away() > 0) {
                result.failed(crowd.away() + " clients that did nothing wrong lost their link");
            }
        }
        result.add(table);
        return result;
    }

    private static Stretch stretch(Rig rig, Crowds crowd, BackEnd backEnd, Load load, Result result, String name) {
        var _ = crowd.counts(); // begins anew
        BackEnd.Sent sent = backEnd.push(crowd.clients(), load.rate(), load.stretch());
        Pause.until(() -> crowd.missing(sent.run(), sent.pushes()) == 0, ARRIVE_WITHIN);
        CrowdCounts counts = crowd.counts();
        Loss.check(result, name, counts, crowd.missing(sent.run(), sent.pushes()));
        return new Stretch(counts, ProcessUse.pss(rig.roomPid(0)));
    }
}
