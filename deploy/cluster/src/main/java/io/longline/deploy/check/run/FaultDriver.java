package io.longline.deploy.check.run;

import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.History;
import io.longline.deploy.faults.Cut;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.Part;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Does to a cluster what a schedule says, one fault after the other, and heals each of them. */
final class FaultDriver {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private static final Duration LATENCY = Duration.ofMillis(300);
    private static final Duration COMMIT = Duration.ofSeconds(2);
    private static final long BANDWIDTH = 20_000;

    private final FaultCluster cluster;
    private final History history;
    private final Tally tally;
    private final Consumer<String> progress;

    FaultDriver(FaultCluster cluster, History history, Tally tally, Consumer<String> progress) {
        this.cluster = cluster;
        this.history = history;
        this.tally = tally;
        this.progress = progress;
    }

    /** Returns when the last one is healed. */
    void run(List<PlannedFault> faults) {
        cluster.stores().saveRedis();
        faults.forEach(this::run);
    }

    private void run(PlannedFault planned) {
        pause(planned.after());
        Fault fault = fault(planned);
        tally.count("fault: " + planned.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        progress.accept(fault.toString());
        history.faultBegun(fault);
        strike(planned);
        awaitReady(fault);
        history.faultEnded(fault);
    }

    private static Fault fault(PlannedFault planned) {
        boolean cut = planned.kind().isCut();
        boolean hitsRedis = planned.part().equals("redis");
        boolean loses = hitsRedis && planned.kind() != PlannedFault.Kind.STOP && !cut;
        Set<String> down =
                !cut ? Set.of(planned.part()) : planned.part().equals("outside") ? Set.of(planned.other()) : Set.of();
        boolean disturbs = List.of(planned.part(), planned.other()).stream()
                .anyMatch(part -> part.equals("mysql") || part.startsWith("saver"));
        return new Fault(planned.id(), planned.text(), down, loses, disturbs);
    }

    private void strike(PlannedFault planned) {
        switch (planned.kind()) {
            case KILL -> {
                Part part = cluster.part(planned.part());
                part.kill();
                pause(planned.lasts());
                part.restart();
            }
            case RESTART -> cluster.part(planned.part()).restart();
            case STOP -> {
                Part part = cluster.part(planned.part());
                part.stop();
                pause(planned.lasts());
                part.resume();
            }
            case SLOW_MYSQL -> {
                cluster.stores().slowMySql(COMMIT);
                pause(planned.lasts());
                cluster.stores().slowMySql(Duration.ZERO);
            }
            case EMPTY_REDIS -> cluster.stores().emptyRedis();
            case ROLL_BACK_REDIS -> {
                cluster.stores().rollBackRedis();
                cluster.stores().saveRedis();
            }
            case BLACK_HOLE, RESET, LATENCY, BANDWIDTH -> cut(planned);
        }
    }

    private void cut(PlannedFault planned) {
        try (Cut cut = cluster.cut(planned.part(), planned.other())) {
            switch (planned.kind()) {
                case BLACK_HOLE -> cut.blackHole();
                case RESET -> cut.reset();
                case LATENCY -> cut.latency(LATENCY);
                default -> cut.bandwidth(BANDWIDTH);
            }
            pause(planned.lasts());
        }
    }

    private void awaitReady(Fault fault) {
        long until = System.nanoTime() + READY_WITHIN.toNanos();
        for (Part part : cluster.parts()) {
            while (!part.isReady()) {
                if (System.nanoTime() > until) {
                    history.broken(
                            15,
                            part.name() + " is not ready " + READY_WITHIN.toSeconds() + " s after " + fault
                                    + " was healed");
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
