package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Median;
import io.longline.bench.measure.Meter;
import io.longline.bench.report.Plot;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The same number of clients in ever more rooms: what a broadcast costs for each of them. */
public final class Scale implements Scenario {
    private static final int MESSAGES = 10;
    private static final String ROOM = "room-";

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String description() {
        return MESSAGES + " broadcasts of " + Cast.PAYLOAD_BYTES
                + " B one after the other, QoS 1, acknowledged, to the same number of clients in ever more rooms: CPU of the rooms and of all"
                + " services and stores a delivery. All rooms are there all the while; those without clients do not count.";
    }

    @Override
    public Load small() {
        return Load.of(2_000, 1, 1, 1, 2, 4);
    }

    /** The rates are numbers of rooms. */
    @Override
    public Load full() {
        return Load.of(16_000, 3, 1, 1, 2, 4, 8);
    }

    @Override
    public int rooms(Load load) {
        return Collections.max(load.rates());
    }

    /** What one round cost, in µs a delivery. */
    private record Round(double rooms, double all) {}

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Cost of a delivery",
                "rooms",
                "round",
                "rooms µs",
                "all services µs",
                "p50 ms",
                "last ms",
                "crowd CPU %");
        Plot.Pen ofRooms = new Plot.Pen("rooms");
        Plot.Pen ofAll = new Plot.Pen("all services and stores");
        for (int rooms : load.rates()) {
            Round median = measure(rig, rooms, load, table, result);
            ofRooms.to(rooms, median.rooms);
            ofAll.to(rooms, median.all);
            result.figure(rooms + " rooms: µs of the rooms a delivery", median.rooms);
            result.figure(rooms + " rooms: µs of all services and stores a delivery", median.all);
            String finding = "%d rooms: %.1f µs of the rooms and %.1f µs of all services and stores a delivery"
                    .formatted(rooms, median.rooms, median.all);
            result.found(finding);
            progress.accept(finding);
        }
        result.add(table);
        result.add(new Plot("CPU of a delivery", "rooms", "µs", List.of(ofRooms.line(), ofAll.line())));
        return result;
    }

    private static Round measure(Rig rig, int rooms, Load load, Table table, Result result) {
        Tenant tenant = rig.product(false);
        List<Round> rounds = new ArrayList<>();
        try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients());
                Cast cast = new Cast(rig, tenant, crowd)) {
            crowd.acks(true);
            Spread.connect(crowd, load.clients(), rooms);
            for (int i = 0; i <= load.rounds(); i++) {
                var _ = crowd.counts(); // begins anew
                Meter meter = Meter.start(rig.pids(crowd));
                for (int message = 0; message < MESSAGES; message++) {
                    cast.send(0);
                }
                CpuUse use = meter.stop();
                CrowdCounts counts = crowd.counts();
                cast.check(result, rooms + " rooms", counts);
                Round round = new Round(
                        use.seconds(name -> name.startsWith(ROOM) && isAmong(name, rooms)) * 1e6 / counts.messages(),
                        use.seconds(counted(rig, rooms)) * 1e6 / counts.messages());
                table.add(
                        rooms,
                        i == 0 ? "warm-up" : Integer.toString(i),
                        round.rooms,
                        round.all,
                        counts.topicUs().getValueAtPercentile(50) / 1e3,
                        counts.topicUs().getMaxValue() / 1e3,
                        use.percent(name -> name.startsWith("crowd")));
                if (i > 0) {
                    rounds.add(round);
                }
            }
        }
        return new Round(
                Median.of(rounds.stream().map(Round::rooms).toList()),
                Median.of(rounds.stream().map(Round::all).toList()));
    }

    /** Rooms with clients, and what is no room. */
    private static Predicate<String> counted(Rig rig, int rooms) {
        return name -> rig.isServer(name) && (!name.startsWith(ROOM) || isAmong(name, rooms));
    }

    private static boolean isAmong(String room, int first) {
        return Integer.parseInt(room, ROOM.length(), room.length(), 10) <= first;
    }
}
