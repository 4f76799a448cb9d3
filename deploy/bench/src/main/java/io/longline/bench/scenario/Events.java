package io.longline.bench.scenario;

import io.longline.bench.crowd.Crowds;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.EventReceiver;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** What a back end is told of itself: who came and went, and what became of messages. */
public final class Events implements Scenario {
    private static final String ONLINE = "presence.online";
    private static final String OFFLINE = "presence.offline";
    private static final String ACKED = "message.acked";
    private static final Duration WITHIN = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String description() {
        return "All clients come, get pushes (QoS 1, " + Served.PAYLOAD_BYTES
                + " B) that they acknowledge, and go, while a callback on this machine is told of it: events a second from the first change"
                + " to the last event, and how late an event is by its own time, which for presence is when the debounce was over.";
    }

    @Override
    public Load small() {
        return Load.of(500, 1, 4, 200);
    }

    @Override
    public Load full() {
        return Load.of(18_000, 3, 15, 500);
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Events", "what", "round", "events", "in s", "events/s", "late p50 ms", "late p99 ms", "server CPU µs");
        try (EventReceiver receiver = new EventReceiver()) {
            Tenant tenant = rig.productWithCallbacks(false, receiver.url(), List.of("presence", "message"));
            try (Served served = new Served(rig, tenant, load.clients())) {
                Rounds rounds = new Rounds(rig, served.crowd(), receiver, table, result);
                for (int round = 1; round <= load.rounds(); round++) {
                    rounds.measure(ONLINE, round, load.clients(), () -> served.connect(load.clients()));
                    int pushes = (int) (load.rate() * load.stretch().toSeconds());
                    rounds.measure(
                            ACKED,
                            round,
                            pushes,
                            () -> served.awaitArrival(served.push(load.rate(), load.stretch()), WITHIN));
                    rounds.measure(OFFLINE, round, load.clients(), served.crowd()::disconnect);
                    progress.accept("round " + round + " of " + load.rounds());
                }
            }
        }
        result.add(table);
        return result;
    }

    /** One thing that happens to all, and what is told of it. */
    private record Rounds(Rig rig, Crowds crowd, EventReceiver receiver, Table table, Result result) {

        void measure(String type, int round, int expected, Runnable change) {
            receiver.begin(round);
            Meter meter = Meter.start(rig.pids(crowd));
            change.run();
            BooleanSupplier told = () -> receiver.events(type) >= expected;
            if (!Pause.until(told, WITHIN)) {
                result.failed("%s: %d events of %d came".formatted(type, receiver.events(type), expected));
            }
            CpuUse use = meter.stop();
            Histogram late = receiver.arrivals().delaysMs(type);
            double perSecond = late.getTotalCount() / use.wallSeconds();
            table.add(
                    type,
                    round,
                    late.getTotalCount(),
                    use.wallSeconds(),
                    perSecond,
                    late.getValueAtPercentile(50),
                    late.getValueAtPercentile(99),
                    use.percent(rig::isServer) / 100 * use.wallSeconds() * 1e6 / expected);
            result.found("%s: %,.0f events a second, late by %d ms at the median and %d ms at p99"
                    .formatted(type, perSecond, late.getValueAtPercentile(50), late.getValueAtPercentile(99)));
        }
    }
}
