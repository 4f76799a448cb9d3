package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Meter;
import io.longline.bench.measure.ProcessUse;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import io.longline.keeper.life.LifeCycle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A whole cluster full of sessions: as many rooms as the limit of open files asks for, each full, and pushes meanwhile. */
public final class Connections implements Scenario {
    private static final int FEWEST_ROOMS = 2;
    private static final Duration SETTLES = Duration.ofSeconds(5);
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(20);
    private static final double MIB = 1024 * 1024;

    private final Duration settles;

    public Connections() {
        this(SETTLES);
    }

    /** @param settles how long after the last login memory is looked at */
    Connections(Duration settles) {
        this.settles = settles;
    }

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public String description() {
        return "Bound sessions of a whole cluster, in as many rooms as the limit of open files asks for, native frames and WebSocket in turn:"
                + " memory of all processes, CPU while nothing is sent, and pushes to the clients of one room.";
    }

    @Override
    public Load small() {
        return Load.of(4_000, 1, 10, 100);
    }

    @Override
    public Load full() {
        return Load.of(198_000, 1, 30, 100);
    }

    @Override
    public int rooms(Load load) {
        return Math.max(FEWEST_ROOMS, Math.ceilDiv(load.clients(), Crowds.MOST_LINKS));
    }

    @Override
    public int linksOfOne(Load load) {
        return load.clients() / rooms(load);
    }

    /** The clients of one room, who are of a product of their own. */
    private record Part(Tenant tenant, Crowds crowd) {}

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        List<Part> parts = new ArrayList<>();
        try (LifeCycle crowds = new LifeCycle()) {
            for (int room = 0; room < rooms(load); room++) {
                parts.add(connect(rig, room, linksOfOne(load), crowds));
                progress.accept("%,d sessions".formatted(linksOfOne(load) * parts.size()));
            }
            Pause.of(settles);
            tellMemory(rig, parts, result);
            tellRest(rig, parts, load.stretch(), result);
            tellPushes(rig, parts.getFirst(), load, result);
            int away = parts.stream().mapToInt(part -> part.crowd.away()).sum();
            if (away > 0) {
                result.failed(away + " clients lost their connection");
            }
        }
        return result;
    }

    private static Part connect(Rig rig, int room, int clients, LifeCycle crowds) {
        InetSocketAddress address = rig.cluster().rooms().get(room);
        Tenant tenant = rig.product(false);
        Crowds crowd = crowds.add(rig.crowd(room % 2 == 0 ? Wire.NATIVE : Wire.WEB, tenant, clients, List.of(address)));
        crowd.acks(true);
        crowd.connect(clients);
        return new Part(tenant, crowd);
    }

    private static void tellMemory(Rig rig, List<Part> parts, Result result) {
        Table rooms = Table.of("Rooms", "room", "sessions", "pss MiB");
        for (int room = 0; room < parts.size(); room++) {
            rooms.add("room-" + (room + 1), parts.get(room).crowd.clients(), ProcessUse.pss(rig.roomPid(room)) / MIB);
        }
        result.add(rooms);
        int sessions = parts.stream().mapToInt(part -> part.crowd.clients()).sum();
        double pss = rig.pids().values().stream().mapToLong(ProcessUse::pss).sum();
        Table all = Table.of("All processes", "sessions", "pss MiB", "B a session");
        all.add(sessions, pss / MIB, pss / sessions);
        result.add(all);
        result.figure("sessions", sessions);
        result.figure("B of PSS a session, all services and stores", pss / sessions);
        result.found("%,d sessions at once, %.0f MiB for all services and stores".formatted(sessions, pss / MIB));
    }

    private static void tellRest(Rig rig, List<Part> parts, Duration stretch, Result result) {
        Map<String, Long> pids = new HashMap<>(rig.pids());
        Meter meter = Meter.start(pids);
        Pause.of(stretch);
        CpuUse use = meter.stop();
        result.figure("CPU of all services and stores at rest, % of a core", use.percent(rig::isServer));
        int sessions = parts.stream().mapToInt(part -> part.crowd.clients()).sum();
        result.add(Shares.of("CPU at rest", use, sessions, "session"));
    }

    private static void tellPushes(Rig rig, Part part, Load load, Result result) {
        try (BackEnd backEnd = new BackEnd(rig.center(), part.tenant, Served.PAYLOAD_BYTES)) {
            var _ = part.crowd.counts(); // begins anew
            BackEnd.Sent sent = backEnd.push(part.crowd.clients(), load.rate(), load.stretch());
            boolean _ = Pause.until(() -> missing(part, sent) == 0, ARRIVE_WITHIN);
            CrowdCounts counts = part.crowd.counts();
            Table table = Table.of("Pushes meanwhile", "offered/s", "pushes", "arrived p50 ms", "p99 ms", "refused");
            table.add(load.rate(), sent.pushes(), counts.latencyMs(50), counts.latencyMs(99), sent.refused());
            result.add(table);
            Loss.check(result, "pushes meanwhile", counts, missing(part, sent));
        }
    }

    private static long missing(Part part, BackEnd.Sent sent) {
        return part.crowd.missing(sent.run(), sent.pushes());
    }
}
