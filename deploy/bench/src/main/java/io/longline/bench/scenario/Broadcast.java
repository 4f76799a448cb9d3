package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.CpuUse;
import io.longline.bench.measure.Median;
import io.longline.bench.measure.Meter;
import io.longline.bench.measure.Pacing;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Broadcasts to the sessions of one room, and to those of several rooms: how soon all have one, and how well a paced one keeps its pace. */
public final class Broadcast implements Scenario {
    /** As many as a room holds with 20,000 open files. */
    private static final int MOST_OF_A_ROOM = 19_000;

    private static final int FEWEST_ROOMS = 2;

    @Override
    public String name() {
        return "broadcast";
    }

    @Override
    public String description() {
        return "Broadcasts of " + Cast.PAYLOAD_BYTES + " B, QoS 1, acknowledged, to the sessions of one room, at most "
                + MOST_OF_A_ROOM
                + ", then to all in several rooms: from when it was sent to the first, the median, p99 and the last"
                + " arrival of unpaced ones, one after the other; then a paced one that takes a stretch: the most that came in any second.";
    }

    @Override
    public Load small() {
        return Load.of(3_000, 2, 4);
    }

    @Override
    public Load full() {
        return Load.of(100_000, 5, 8);
    }

    @Override
    public int rooms(Load load) {
        return Math.max(FEWEST_ROOMS, Math.ceilDiv(load.clients(), MOST_OF_A_ROOM));
    }

    @Override
    public int linksOfOne(Load load) {
        return Math.min(MOST_OF_A_ROOM, load.clients());
    }

    /** When one of a broadcast came, in ms from when that was sent. */
    private record Round(double first, double median, double p99, double last) {

        static Round of(CrowdCounts counts) {
            return new Round(
                    counts.topicUs().getMinValue() / 1e3,
                    counts.topicUs().getValueAtPercentile(50) / 1e3,
                    counts.topicUs().getValueAtPercentile(99) / 1e3,
                    counts.topicUs().getMaxValue() / 1e3);
        }
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table unpaced = Table.of(
                "Unpaced",
                "rooms",
                "clients",
                "round",
                "first ms",
                "median ms",
                "p99 ms",
                "last ms",
                "server CPU s",
                "crowd CPU s");
        Table paced = Table.of(
                "Paced", "rooms", "clients", "set/s", "reached/s", "most in a second", "above the pace %", "last s");
        new Part(rig, load, 1, linksOfOne(load), result, progress).measure(unpaced, paced);
        new Part(rig, load, rooms(load), load.clients(), result, progress).measure(unpaced, paced);
        result.add(unpaced);
        result.add(paced);
        return result;
    }

    /** To so many clients in so many rooms. */
    private record Part(Rig rig, Load load, int rooms, int clients, Result result, Consumer<String> progress) {

        void measure(Table unpaced, Table paced) {
            Tenant tenant = rig.product(false);
            try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, clients);
                    Cast cast = new Cast(rig, tenant, crowd)) {
                crowd.acks(true);
                Spread.connect(crowd, clients, rooms);
                progress.accept("%,d clients in %d rooms".formatted(clients, rooms));
                tellUnpaced(crowd, cast, unpaced);
                tellPaced(crowd, cast, paced);
            }
        }

        private String where() {
            return "%,d in %d room%s".formatted(clients, rooms, rooms == 1 ? "" : "s");
        }

        private void tellUnpaced(Crowds crowd, Cast cast, Table table) {
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i <= load.rounds(); i++) {
                var _ = crowd.counts(); // begins anew
                Meter meter = Meter.start(rig.pids(crowd));
                cast.send(0);
                CpuUse use = meter.stop();
                CrowdCounts counts = crowd.counts();
                cast.check(result, where(), counts);
                Round round = Round.of(counts);
                table.add(
                        rooms,
                        clients,
                        i == 0 ? "warm-up" : Integer.toString(i),
                        round.first,
                        round.median,
                        round.p99,
                        round.last,
                        use.seconds(rig::isServer),
                        use.seconds(name -> name.startsWith("crowd")));
                if (i > 0) {
                    rounds.add(round);
                }
                progress.accept("%s: first %.0f ms, last %.0f ms".formatted(where(), round.first, round.last));
            }
            double first = figure(rounds, "first ms", Round::first);
            double median = figure(rounds, "median ms", Round::median);
            double p99 = figure(rounds, "p99 ms", Round::p99);
            double last = figure(rounds, "last ms", Round::last);
            result.found("%s: first %.0f ms, median %.0f ms, p99 %.0f ms, last %.0f ms (medians of %d)"
                    .formatted(where(), first, median, p99, last, rounds.size()));
        }

        private double figure(List<Round> rounds, String name, ToDoubleFunction<Round> what) {
            double median = Median.of(rounds.stream().map(what::applyAsDouble).toList());
            result.figure(where() + ": " + name, median);
            return median;
        }

        private void tellPaced(Crowds crowd, Cast cast, Table table) {
            int set = Math.max(1, (int) (clients / load.stretch().toSeconds()));
            var _ = crowd.counts(); // begins anew
            cast.send(set);
            CrowdCounts counts = crowd.counts();
            cast.check(result, where() + ", paced", counts);
            Pacing pacing = Pacing.of(counts.topicUs());
            double above = Pacing.percentAbove((double) pacing.mostInASecond(), set);
            double off = Pacing.percentAbove(pacing.perSecond(), set);
            table.add(
                    rooms,
                    clients,
                    set,
                    pacing.perSecond(),
                    pacing.mostInASecond(),
                    above,
                    counts.topicUs().getMaxValue() / 1e6);
            result.figure(where() + ", paced: most arrivals in any second, times the pace", 1 + above / 100);
            result.figure(where() + ", paced: mean, times the pace", 1 + off / 100);
            result.found(
                    "%s at %,d a second: at most %,d arrivals in any second (%+.1f %%), %,.0f on average (%+.1f %%)"
                            .formatted(where(), set, pacing.mostInASecond(), above, pacing.perSecond(), off));
        }
    }
}
