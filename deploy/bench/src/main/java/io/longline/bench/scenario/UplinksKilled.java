package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Sending;
import io.longline.bench.crowd.Wire;
import io.longline.bench.report.Result;
import io.longline.bench.report.Table;
import io.longline.bench.rig.EventReceiver;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.faults.Part;
import io.longline.deploy.faults.PartKind;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Coordinators are killed at random while clients send: what was acknowledged must arrive, whatever happens, each sender's in order. */
public final class UplinksKilled implements Scenario {
    private static final int RUN = 1;
    private static final Duration MOST_BETWEEN_KILLS = Duration.ofSeconds(10);
    private static final Duration MOST_DOWN = Duration.ofSeconds(5);
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);

    private final Duration mostBetweenKills;
    private final Duration mostDown;

    public UplinksKilled() {
        this(MOST_BETWEEN_KILLS, MOST_DOWN);
    }

    UplinksKilled(Duration mostBetweenKills, Duration mostDown) {
        this.mostBetweenKills = mostBetweenKills;
        this.mostDown = mostDown;
    }

    @Override
    public String name() {
        return "uplinks-killed";
    }

    @Override
    public String description() {
        return "Uplinks of " + Uplinks.PAYLOAD_BYTES
                + " B by connected clients in turn, each sent until it is acknowledged, to a callback on this machine, while coordinators"
                + " are killed at random and come back up to " + mostDown.toSeconds()
                + " s later. Counted at the receiver.";
    }

    @Override
    public Load small() {
        return Load.of(500, 1, 15, 300);
    }

    @Override
    public Load full() {
        return Load.of(5_000, 1, 500, 2_000);
    }

    @Override
    public int coordinators() {
        return 2;
    }

    @Override
    public Result run(Rig rig, Load load, Consumer<String> progress) {
        long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);
        progress.accept("seed " + seed);
        Result result = new Result(name());
        CrowdCounts counts = new CrowdCounts();
        try (EventReceiver receiver = new EventReceiver()) {
            Tenant tenant = rig.productWithCallbacks(false, receiver.url(), List.of("uplink." + Crowds.UPLINK_TYPE));
            receiver.begin(RUN);
            try (Crowds crowd = rig.crowd(Wire.NATIVE, tenant, load.clients())) {
                crowd.connect(load.clients());
                crowd.send(load.rate(), Sending.PATIENT, RUN, Uplinks.PAYLOAD_BYTES);
                int kills = killFor(load.stretch(), rig.cluster().parts(PartKind.COORDINATOR), new Random(seed));
                crowd.send(load.clients(), Sending.LAST, RUN, Uplinks.PAYLOAD_BYTES);
                Pause.until(
                        () -> {
                            counts.add(crowd.counts());
                            return acked(counts) == counts.sent() && receiver.uplinks() >= counts.sent();
                        },
                        SETTLED_WITHIN);
                tell(result, seed, kills, counts, receiver.arrivals());
            }
        }
        return result;
    }

    private int killFor(Duration stretch, List<Part> coordinators, Random random) {
        long until = System.nanoTime() + stretch.toNanos();
        int kills = 0;
        while (System.nanoTime() < until) {
            pause(random, mostBetweenKills);
            Part victim = coordinators.get(random.nextInt(coordinators.size()));
            victim.kill();
            kills++;
            pause(random, mostDown);
            victim.restart();
        }
        return kills;
    }

    private static void pause(Random random, Duration most) {
        Pause.of(LEAST.plusMillis(random.nextLong(most.toMillis())));
    }

    private static long acked(CrowdCounts counts) {
        return counts.keptUs().getTotalCount();
    }

    private static void tell(Result result, long seed, int kills, CrowdCounts counts, EventReceiver.Arrivals arrivals) {
        Table table = Table.of("Uplinks", "seed", "kills", "sent", "acknowledged", "arrived", "again", "out of order");
        table.add(
                seed,
                kills,
                counts.sent(),
                acked(counts),
                arrivals.uplinks(),
                arrivals.repeated(),
                arrivals.disordered());
        result.add(table);
        if (acked(counts) < counts.sent()) {
            result.failed("%d uplinks were never acknowledged".formatted(counts.sent() - acked(counts)));
        }
        if (arrivals.uplinks() < acked(counts)) {
            result.failed(
                    "%d uplinks were acknowledged and did not arrive".formatted(acked(counts) - arrivals.uplinks()));
        }
        if (arrivals.disordered() > 0) {
            result.failed("%d uplinks came out of order".formatted(arrivals.disordered()));
        }
        result.found("seed %d: all %,d acknowledged uplinks arrived, %,d of them again, through %d kills"
                .formatted(seed, arrivals.uplinks(), arrivals.repeated(), kills));
    }
}
