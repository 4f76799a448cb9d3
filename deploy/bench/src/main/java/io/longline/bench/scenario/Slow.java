package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.measure.ProcessUse;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.Rig;
import io.longline.bench.rig.RoomsClient.Told;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Some clients stop reading while everybody is sent much: the others must not notice, and nothing of theirs may be lost. */
public final class Slow implements Scenario {
    private static final int ONE_OF = 10;
    private static final int FILLER_BYTES = 8 * 1024;
    private static final Duration FILLER_EVERY = Duration.ofMillis(100);
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public String description() {
        return "One of " + ONE_OF + " clients reads nothing while all get pushes (QoS 1) and " + FILLER_BYTES / 1024
                + " KiB of QoS 0 each " + FILLER_EVERY.toMillis()
                + " ms: times of the others, memory of the room, and what"
                + " the slow ones get when they read again.";
    }

    @Override
    public Load small() {
        return Load.of(500, 1, 5, 200);
    }

    @Override
    public Load full() {
        return Load.of(5_000, 1, 20, 500);
    }

    /** What one stretch brought. */
    private record Stretch(BackEnd.Sent sent, CrowdCounts counts, Told filler, long pssBytes) {}

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        Result result = new Result(name());
        Table table = Table.of(
                "Clients that read",
                "stretch",
                "pushes/s",
                "arrived p50 ms",
                "p99 ms",
                "QoS 0 written",
                "QoS 0 dropped",
                "room pss MiB");
        Tenant tenant = rig.product(false);
        try (Served served = new Served(rig, tenant, load.clients())) {
            Crowds crowd = served.crowd();
            served.connect(load.clients());
            stretch(rig, served, tenant, load); // warms up
            Stretch before = stretch(rig, served, tenant, load);
            add(table, "all read", before, load);
            served.check(result, "all read", before.counts, before.sent);

            int slow = Math.max(1, load.clients() / ONE_OF);
            crowd.stall(slow);
            progress.accept(slow + " clients read nothing");
            Stretch during = stretch(rig, served, tenant, load);
            add(table, slow + " do not", during, load);

            crowd.stall(0);
            boolean all = served.awaitArrival(during.sent, ARRIVE_WITHIN);
            CrowdCounts late = crowd.counts();
            served.check(result, "after they read again", late, during.sent);
            result.figure("p99 ms of those that read, others slow", during.counts.latencyMs(99));
            result.found("p99 of clients that read: %.1f ms, and %.1f ms while %d others do not"
                    .formatted(before.counts.latencyMs(99), during.counts.latencyMs(99), slow));
            result.found("the slow ones then got %,d messages that had waited; %s"
                    .formatted(late.messages(), all ? "none was lost" : "some were lost"));
        }
        result.add(table);
        return result;
    }

    private static void add(Table table, String name, Stretch stretch, Load load) {
        table.add(
                name,
                load.rate(),
                stretch.counts.latencyMs(50),
                stretch.counts.latencyMs(99),
                stretch.filler.written(),
                stretch.filler.dropped(),
                stretch.pssBytes / 1048576.0);
    }

    private static Stretch stretch(Rig rig, Served served, Tenant tenant, Load load) {
        Crowds crowd = served.crowd();
        var _ = crowd.counts(); // begins anew
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Told> filler =
                CompletableFuture.supplyAsync(() -> fill(rig, tenant, over), Thread.ofVirtual()::start);
        BackEnd.Sent sent = served.push(load.rate(), load.stretch());
        over.set(true);
        Told told = filler.join();
        long pss = ProcessUse.pss(rig.roomPid(0));
        Pause.of(Duration.ofSeconds(1)); // what is on its way arrives
        CrowdCounts counts = crowd.counts();
        return new Stretch(sent, counts, told, pss);
    }

    private static Told fill(Rig rig, Tenant tenant, AtomicBoolean over) {
        String text = "x".repeat(FILLER_BYTES);
        Told all = new Told(0, 0);
        while (!over.get()) {
            all = all.plus(rig.rooms().tellEverybody(tenant.product(), text).join());
            Pause.of(FILLER_EVERY);
        }
        return all;
    }
}
