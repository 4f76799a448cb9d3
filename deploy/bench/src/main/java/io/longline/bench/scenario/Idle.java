package io.longline.bench.scenario;

import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.JavaHeap;
import io.longline.bench.measure.ProcessUse;
import io.longline.bench.measure.Slope;
import io.longline.bench.report.Plot;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What a session that does nothing costs its room in memory, as a slope over several sizes, with the collector run before each look. */
public final class Idle implements Scenario {
    private static final int STEPS = 5;
    private static final Duration SETTLES = Duration.ofSeconds(1);
    private static final int CLASSES = 12;
    private static final List<Wire> WIRES = List.of(Wire.NATIVE, Wire.WEB);

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String description() {
        return "Memory of a room for each idle session, over native frames and over WebSocket: the slope of its proportional set size and"
                + " of its live heap over five sizes, and the classes that make it up.";
    }

    @Override
    public Load small() {
        return Load.of(2_000, 1, 1);
    }

    @Override
    public Load full() {
        return Load.of(18_000, 1, 1);
    }

    @Override
    public int rooms(Load load) {
        return WIRES.size();
    }

    /** What a room has with so many sessions. */
    private record Look(int sessions, long pssBytes, JavaHeap heap) {}

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table slopes = Table.of("A session", "wire", "sessions", "pss B", "live heap B");
        List<Plot.Line> lines = new ArrayList<>();
        Tenant tenant = rig.product(true);
        for (int i = 0; i < WIRES.size(); i++) {
            Wire wire = WIRES.get(i);
            List<Look> looks = looks(rig, wire, i, tenant, load.clients(), progress);
            double pss = slope(looks, true);
            double heap = slope(looks, false);
            slopes.add(wire.word(), load.clients(), pss, heap);
            lines.add(line(wire, looks));
            result.add(classes(wire, looks));
            result.figure(wire.word() + ": B of PSS a session", pss);
            result.figure(wire.word() + ": B of live heap a session", heap);
            result.found("%s: %.0f B of memory (PSS) for each idle session".formatted(wire.word(), pss));
        }
        result.add(slopes);
        result.add(new Plot("Memory of the room", "sessions", "PSS, MiB", lines));
        return result;
    }

    private static List<Look> looks(Rig rig, Wire wire, int room, Tenant tenant, int most, Consumer<String> progress) {
        long pid = rig.roomPid(room);
        InetSocketAddress address = rig.cluster().rooms().get(room);
        List<Look> looks = new ArrayList<>();
        try (Crowds crowd = rig.crowd(wire, tenant, most, List.of(address))) {
            crowd.connect(
                    most); // the room's code is loaded and warm afterwards, and its heap as large as logins make it
            crowd.disconnect();
            Pause.of(SETTLES);
            for (int step = 1; step <= STEPS; step++) {
                crowd.connect(most * step / STEPS - crowd.clients());
                Pause.of(SETTLES);
                JavaHeap heap = JavaHeap.of(pid);
                looks.add(new Look(crowd.clients(), ProcessUse.pss(pid), heap));
                progress.accept("%s: %,d sessions, %,d KiB"
                        .formatted(wire.word(), crowd.clients(), looks.getLast().pssBytes() / 1024));
            }
        }
        return looks;
    }

    private static double slope(List<Look> looks, boolean pss) {
        Slope slope = new Slope();
        looks.forEach(look -> slope.add(
                look.sessions(), (double) (pss ? look.pssBytes() : look.heap().total())));
        return slope.perUnit();
    }

    private static Plot.Line line(Wire wire, List<Look> looks) {
        Plot.Pen pen = new Plot.Pen(wire.word());
        looks.forEach(look -> pen.to(look.sessions(), look.pssBytes() / 1048576.0));
        return pen.line();
    }

    /** Where the bytes are. */
    private static Table classes(Wire wire, List<Look> looks) {
        Look first = looks.getFirst();
        Look last = looks.getLast();
        double sessions = last.sessions() - first.sessions();
        Table table = Table.of("Live heap of a session, " + wire.word(), "class", "B");
        record Part(String name, double bytes) {}
        last.heap().bytesOfClasses().keySet().stream()
                .map(name -> new Part(name, (last.heap().of(name) - first.heap().of(name)) / sessions))
                .sorted(Comparator.comparingDouble(Part::bytes).reversed())
                .limit(CLASSES)
                .forEach(part -> table.add(part.name(), part.bytes()));
        return table;
    }
}
