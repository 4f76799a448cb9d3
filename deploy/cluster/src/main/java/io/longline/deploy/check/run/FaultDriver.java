package io.longline.deploy.check.run;

import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.History;
import io.longline.deploy.faults.Cut;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Does to a cluster what a schedule says, one fault after the other in each of its lanes, and heals each of them. */
final class FaultDriver {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LATENCY = Duration.ofMillis(300);
    private static final Duration COMMIT = Duration.ofSeconds(2);
    private static final long BANDWIDTH = 20_000;

    private final FaultCluster cluster;
    private final History history;
    private final Tally tally;
    private final Consumer<String> progress;
    private final Duration ready;
    /** What is broken now: no two faults at a time have the same subject. */
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** Parts that were waited for in vain, which is said once. */
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

    /** @param ready how long a healed part may take until it is ready */
    FaultDriver(FaultCluster cluster, History history, Tally tally, Consumer<String> progress, Duration ready) {
        this.cluster = cluster;
        this.history = history;
        this.tally = tally;
        this.progress = progress;
        this.ready = ready;
    }

    /** Returns when the last one is healed. The lanes take turns in the schedule, and strike side by side. */
    void run(List<PlannedFault> faults, int lanes) {
        cluster.stores().saveRedis();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            int first = lane;
            Runnable work = () -> {
                for (int i = first; i < faults.size(); i += lanes) {
                    run(faults.get(i));
                }
            };
            all.add(CompletableFuture.runAsync(work, Thread.ofVirtual().name("faults-" + lane)::start));
        }
        all.forEach(CompletableFuture::join);
    }

    private void run(PlannedFault planned) {
        pause(planned.after());
        await(() -> broken.add(planned.subject()));
        Fault fault = fault(planned);
        tally.count("fault: " + planned.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        progress.accept(fault.toString());
        history.faultBegun(fault);
        strike(planned);
        broken.remove(planned.subject());
        awaitReady(fault);
        history.faultEnded(fault);
    }

    private static Fault fault(PlannedFault planned) {
        boolean cut = planned.kind().isCut();
        boolean hitsRedis = planned.part().equals("redis");
        boolean empties =
                planned.kind() == PlannedFault.Kind.EMPTY_REDIS || planned.kind() == PlannedFault.Kind.ROLL_BACK_REDIS;
        boolean loses = hitsRedis && planned.kind() != PlannedFault.Kind.STOP && !cut;
        Set<String> down =
                !cut ? Set.of(planned.part()) : planned.part().equals("outside") ? Set.of(planned.other()) : Set.of();
        boolean disturbs = List.of(planned.part(), planned.other()).stream()
                .anyMatch(part -> part.equals("mysql") || part.startsWith("saver"));
        return new Fault(planned.id(), planned.text(), down, loses, empties, disturbs);
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

    /** All but what another lane has in its hands; that may also be what keeps a part from being ready. */
    private void awaitReady(Fault fault) {
        long until = System.nanoTime() + ready.toNanos();
        for (Part part : cluster.parts()) {
            while (!broken.contains(part.name()) && !lost.contains(part.name()) && !part.isReady()) {
                if (!broken.isEmpty()) {
                    until = System.nanoTime() + ready.toNanos();
                } else if (System.nanoTime() > until && lost.add(part.name())) {
                    history.broken(
                            15,
                            part.name() + " is not ready " + ready.toSeconds() + " s after " + fault + " was healed");
                }
                pause(POLL);
            }
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            pause(POLL);
        }
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
