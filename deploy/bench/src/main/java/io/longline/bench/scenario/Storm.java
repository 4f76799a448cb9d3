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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A room is killed under a flow of pushes, and all its clients come back at the other rooms. */
public final class Storm implements Scenario {
    private static final int ROOMS = 3;
    /** How often all clients have logged in at each of the other rooms before, where these are not cold. */
    private static final int USES = 2;

    private static final Duration BACK_WITHIN = Duration.ofMinutes(2);
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(60);
    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration SETTLES = Duration.ofSeconds(1);
    private static final Duration LOOKS = Duration.ofMillis(100);

    private final boolean cold;

    private Storm(boolean cold) {
        this.cold = cold;
    }

    /** The rooms that the clients come back at have had clients before, and the other services pushes. */
    public static Storm atUsedRooms() {
        return new Storm(false);
    }

    /** They have just been started. */
    public static Storm atColdRooms() {
        return new Storm(true);
    }

    @Override
    public String name() {
        return cold ? "storm-cold" : "storm";
    }

    @Override
    public String description() {
        return "All sessions are in one of " + ROOMS
                + " rooms, which is killed while pushes (QoS 1) flow. Clients wait as an SDK does,"
                + " anything up to a second, and come back at the other rooms: until the last one has caught up. These rooms "
                + (cold
                        ? "have had no client before, and no push has flowed."
                        : "have had as many clients before, " + USES + " times, and as many pushes have flowed.");
    }

    @Override
    public Load small() {
        return Load.of(2_000, 1, 10, 200);
    }

    @Override
    public Load full() {
        return Load.of(18_000, 1, 30, 500);
    }

    @Override
    public int rooms(Load load) {
        return ROOMS;
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        try (Served served = new Served(rig, rig.product(false), load.clients())) {
            Crowds crowd = served.crowd();
            if (!cold) {
                use(crowd, load.clients(), progress);
            }
            served.connect(load.clients());
            if (!cold) {
                var _ = served.awaitArrival(served.push(load.rate(), load.stretch()), ARRIVE_WITHIN);
                progress.accept(
                        "pushes have flowed for %d s".formatted(load.stretch().toSeconds()));
            }
            crowd.comeBack(true);
            progress.accept("%,d clients are in room-1".formatted(crowd.clients()));
            CompletableFuture<BackEnd.Sent> flow = CompletableFuture.supplyAsync(
                    () -> served.push(load.rate(), load.stretch()), Thread.ofVirtual()::start);
            Pause.of(BEFORE);
            storm(rig, crowd, result, progress);
            BackEnd.Sent sent = flow.join();
            served.awaitArrival(sent, ARRIVE_WITHIN);
            served.check(result, "after the storm", crowd.counts(), sent);
            result.found("%,d pushes meanwhile, %,d did not arrive; %,d attempts were refused"
                    .formatted(sent.pushes(), served.missing(sent), sent.refused()));
        }
        return result;
    }

    private static void use(Crowds crowd, int clients, Consumer<String> progress) {
        for (int use = 1; use <= USES; use++) {
            for (int room = 1; room < ROOMS; room++) {
                crowd.connect(clients, room);
                crowd.disconnect();
                Pause.of(SETTLES);
            }
            progress.accept("all clients were in each of the other rooms, %d".formatted(use));
        }
    }

    private static void storm(Rig rig, Crowds crowd, Result result, Consumer<String> progress) {
        CrowdCounts counts = crowd.counts(); // begins anew
        Map<String, Long> pids = rig.pids(crowd);
        pids.remove("room-1");
        Plot.Pen away = new Plot.Pen("away");
        long begun = System.nanoTime();
        rig.cluster().part("room-1").kill();
        Meter meter = Meter.start(pids);
        int left = crowd.clients();
        boolean isOver = false;
        while (!isOver && System.nanoTime() - begun < BACK_WITHIN.toNanos()) {
            Pause.of(LOOKS);
            left = crowd.away();
            away.to((System.nanoTime() - begun) / 1e9, left);
            counts.add(crowd.counts());
            isOver = left == 0 && counts.backUs().getTotalCount() >= crowd.clients();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        CpuUse use = meter.stop();
        progress.accept("%.1f s after the kill %d clients are away".formatted(seconds, left));
        if (!isOver) {
            result.failed("%d clients were not back within %d s: %s"
                    .formatted(left, BACK_WITHIN.toSeconds(), crowd.problem()));
        }
        Table table = Table.of("Clients", "clients", "back p50 s", "p99 s", "last s", "logins/s");
        table.add(
                crowd.clients(),
                counts.backUs().getValueAtPercentile(50) / 1e6,
                counts.backUs().getValueAtPercentile(99) / 1e6,
                counts.backUs().getMaxValue() / 1e6,
                crowd.clients() / seconds);
        result.add(table);
        result.add(Shares.of("CPU meanwhile", use, crowd.clients(), "client"));
        result.add(new Plot("Clients that are away", "seconds after the kill", "clients", List.of(away.line())));
        if (isOver) {
            result.figure("s until all are back and have caught up", seconds);
            result.found("all %,d sessions of a killed room were back and had caught up after %.1f s"
                    .formatted(crowd.clients(), seconds));
        }
    }
}
