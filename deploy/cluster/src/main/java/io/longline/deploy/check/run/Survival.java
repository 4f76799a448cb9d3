package io.longline.deploy.check.run;

import io.longline.deploy.check.Checker;
import io.longline.deploy.check.Violation;
import io.longline.deploy.check.client.Acking;
import io.longline.deploy.check.client.Phone;
import io.longline.deploy.check.client.SdkPhone;
import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.history.History;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run, from the first operation to the verdict: operations and faults side by side, then everything healed and drained. */
public final class Survival {
    /** In a healthy cluster what was answered with success arrives within this time, however busy the machine is. */
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(15);

    /** A callback that failed often is left alone for some minutes at most. */
    private static final Duration CALLED_WITHIN = Duration.ofSeconds(150);

    /** Longer than what the checker waits for. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(90);

    private static final int TOLD_WHOLE = 50;

    private static final Duration FAULT_AT_LEAST = Duration.ofMillis(500);

    private final long seed;
    private final RunSize size;
    private final Target target;
    private final Optional<FaultCluster> cluster;
    private final Consumer<String> progress;
    private final Tally tally = new Tally();
    private final History history = History.now();
    private final Checker checker = new Checker(history);
    private int told;

    /**
     * Creates one.
     *
     * @param cluster to be broken; empty: a run without faults
     * @param progress is told in a line what goes on
     */
    public Survival(long seed, RunSize size, Target target, Optional<FaultCluster> cluster, Consumer<String> progress) {
        this.seed = seed;
        this.size = size;
        this.target = target;
        this.cluster = cluster;
        this.progress = progress;
    }

    /** Runs with the faults of the seed, and answers what was wrong. */
    public RunReport run() {
        return run(schedule());
    }

    /** Runs with these faults. */
    public RunReport run(List<PlannedFault> faults) {
        long began = System.nanoTime();
        try (RandomRun run = new RandomRun(seed, size, target, history, checker, tally);
                ScheduledExecutorService watch = Executors.newScheduledThreadPool(2)) {
            List<Future<?>> watching = new ArrayList<>();
            watching.add(watch.scheduleWithFixedDelay(this::judge, 100, 100, TimeUnit.MILLISECONDS));
            Optional<MetricsWatch> metrics = cluster.map(each -> new MetricsWatch(each, history));
            metrics.ifPresent(each -> watching.add(watch.scheduleWithFixedDelay(each::sample, 1, 2, TimeUnit.SECONDS)));
            CompletableFuture<Void> striking = CompletableFuture.runAsync(
                    () -> cluster.ifPresent(each ->
                            new FaultDriver(each, history, tally, progress, size.ready()).run(faults, size.lanes())),
                    task -> Thread.ofPlatform().daemon().name("faults").start(task));
            run.operate(lengthOf(faults), progress);
            striking.join();
            end(run);
            requireAlive(watching);
            watch.shutdownNow();
            metrics.ifPresent(MetricsWatch::finish);
            List<Violation> violations = checker.finish();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new RunReport(seed, took, history.recorded(), tally, violations, checker.broken());
        }
    }

    /** Whoever watches a long run hears of a broken promise at once: of the first ones with their histories, as a run may be broken off. */
    private void judge() {
        checker.judge();
        List<Violation> violations = checker.violations();
        for (; told < violations.size(); told++) {
            Violation violation = violations.get(told);
            progress.accept("BROKEN " + (told < TOLD_WHOLE ? violation.toString() : violation.headline()));
        }
    }

    private List<PlannedFault> schedule() {
        return cluster.map(each -> new FaultSchedule(
                                seed,
                                size,
                                each.parts().stream().map(Part::name).toList(),
                                each.plan().proxies())
                        .faults())
                .orElse(List.of());
    }

    private Duration lengthOf(List<PlannedFault> faults) {
        return faults.stream()
                .map(fault -> fault.after().plus(fault.lasts()).plus(FAULT_AT_LEAST))
                .reduce(Duration.ZERO, Duration::plus)
                .dividedBy(size.lanes());
    }

    /** Whoever watches must not have died on the way: then nothing was watched. */
    private static void requireAlive(List<Future<?>> watching) {
        for (Future<?> each : watching) {
            if (each.isDone()) {
                throw new IllegalStateException("a watcher of the run died", each.exceptionNow());
            }
        }
    }

    /** Everything is healed: nothing may wait for those who stay, and nothing may be missing for those who come back. */
    private void end(RandomRun run) {
        progress.accept("all is healed, waiting for back ends");
        run.calls().heal();
        run.awaitRequests();
        run.senders().awaitDue();
        progress.accept("broadcasts come to their ends");
        run.broadcasts().awaitEnds();
        World world = run.world();
        world.thieves().forEach(Phone::rest);
        world.sdkPhones().forEach(SdkPhone::want);
        world.residents().forEach(phone -> {
            phone.acking(Acking.AT_ONCE);
            phone.wantAll();
        });
        progress.accept("everybody connects and should get what waits");
        awaitAll(world, "connected");
        long sent = history.time();
        awaitNothingOwed(run, sent);
        progress.accept("uplinks should come to callbacks and groups");
        awaitCalls(run);
        checker.stranded(sent);
        progress.accept("everybody connects anew");
        world.residents().forEach(phone -> phone.drop(0));
        world.sdkPhones().parallelStream().forEach(SdkPhone::restart);
        awaitAll(world, "connected anew");
        awaitNothingOwed(run, sent);
        run.senders().lookAtRecent();
        run.broadcasts().lookAtRecent();
        progress.accept("some leave, and back ends should be told who is there");
        awaitPresence(run);
    }

    /** What clients have sent, and what was replied. */
    private void awaitCalls(RandomRun run) {
        World world = run.world();
        await(() -> world.hasSentAll(), size.patience());
        await(
                () -> {
                    run.calls().drain();
                    return checker.owedOfCalls() == 0;
                },
                CALLED_WITHIN);
    }

    private void awaitPresence(RandomRun run) {
        List<Phone> leaving = run.world().residents();
        for (int i = 0; i < leaving.size(); i += 2) {
            leaving.get(i).rest();
        }
        await(
                () -> {
                    run.calls().readPresence();
                    return checker.untoldPresence() == 0;
                },
                TOLD_WITHIN);
    }

    /** What does not come in a while may have been collapsed or the like, which only asking tells. */
    private void awaitNothingOwed(RandomRun run, long sent) {
        if (!await(() -> isNothingOwed(sent), ARRIVES_WITHIN)) {
            run.senders().lookAt(checker.owed(sent));
            checker.judge();
            await(() -> isNothingOwed(sent), size.patience());
        }
    }

    private boolean isNothingOwed(long sent) {
        return checker.owed(sent).isEmpty() && checker.owedOfTopics(sent) == 0;
    }

    private void awaitAll(World world, String how) {
        boolean all = await(() -> world.residents().stream().allMatch(Phone::isCaughtUp), size.patience());
        if (!all) {
            world.residents().stream()
                    .filter(phone -> !phone.isCaughtUp())
                    .forEach(phone -> history.broken(
                            1,
                            phone.name() + " of " + phone.endpoints() + " is not " + how + " and caught up "
                                    + size.patience().toSeconds() + " s after all was healed"));
        }
    }

    private static boolean await(BooleanSupplier condition, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        return true;
    }
}
