package io.longline.bench.scenario;

import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.EventReceiver;
import io.longline.bench.rig.GroupConsumer;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the coordinator, and what it asks, use of the CPU while clients are connected and nothing happens: with nothing to look after, with a
 * group that waits, with presence told, and with both.
 */
final class AtRest {
    /** What was told and pulled before is over then. */
    private static final Duration SETTLES = Duration.ofSeconds(2);

    /** Nothing is left for a back end that is gone. */
    private static final Duration TOLD_WITHIN = Duration.ofMinutes(1);

    private final Rig rig;
    private final Duration time;

    AtRest(Rig rig, Duration time) {
        this.rig = rig;
        this.time = time;
    }

    /** @param clients of a product whose presence is told */
    void measure(int clients, Result result, Consumer<String> progress) {
        Table table = Table.of(
                "At rest, % of a core",
                "what there is", "s", "coordinator", "Redis", "center", "register", "all servers");
        try (EventReceiver receiver = new EventReceiver()) {
            Tenant pulling = rig.productWithCallbacks(false, receiver.url(), List.of());
            add("neither", table, result, progress);
            try (GroupConsumer _ = waiting(pulling, receiver)) {
                add("a group that waits", table, result, progress);
            }
            Tenant told = rig.productWithCallbacks(false, receiver.url(), List.of("presence"));
            try (Crowds crowd = rig.crowd(Wire.NATIVE, told, clients)) {
                crowd.connect(clients);
                Pause.until(() -> receiver.events("presence.online") >= clients, TOLD_WITHIN);
                add("presence of " + clients, table, result, progress);
                try (GroupConsumer _ = waiting(pulling, receiver)) {
                    add("both", table, result, progress);
                }
                crowd.disconnect();
                Pause.until(() -> receiver.events("presence.offline") >= clients, TOLD_WITHIN);
            }
        }
        result.add(table);
    }

    private GroupConsumer waiting(Tenant tenant, EventReceiver receiver) {
        return GroupConsumer.start(rig.center(), tenant, Crowds.UPLINK_TYPE, "at-rest", 1, receiver::take);
    }

    private void add(String what, Table table, Result result, Consumer<String> progress) {
        Pause.of(time.compareTo(SETTLES) < 0 ? time : SETTLES);
        Meter meter = Meter.start(rig.pids());
        Pause.of(time);
        CpuUse use = meter.stop();
        double coordinator = use.percent(name -> name.startsWith("coordinator"));
        table.add(
                what,
                use.wallSeconds(),
                coordinator,
                use.percent("redis"::equals),
                use.percent(name -> name.startsWith("center")),
                use.percent(name -> name.startsWith("register")),
                use.percent(rig::isServer));
        result.figure("coordinator at rest, %s, %% of a core".formatted(what), coordinator);
        progress.accept("at rest, %s: coordinator %.1f %% of a core".formatted(what, coordinator));
    }
}
