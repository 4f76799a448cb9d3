package io.longline.bench.failure;

import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.FaultPlan;
import io.longline.deploy.faults.Part;
import io.longline.deploy.service.ServiceKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Kills one process after the other with SIGKILL while pushes flow; the kit starts it again at once, as a supervisor does. A
 * gap of half a second in what a client gets counts; the flow is back when there was none for three.
 */
public final class Recover {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final int USERS = 8;
    private static final Duration GAP = Duration.ofMillis(500);
    private static final Duration STEADY = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Predicate<String> chosen;
    private final Consumer<String> progress;

    /**
     * Creates one.
     *
     * @param chosen which parts are killed, by the words of {@link io.longline.deploy.faults.PartKind}
     */
    public Recover(Predicate<String> chosen, Consumer<String> progress) {
        this.chosen = chosen;
        this.progress = progress;
    }

    /**
     * Each chosen service and, where there is one of each service, each chosen store.
     *
     * @param data a folder of its own
     * @param instances of each service
     */
    public List<Recovery> run(Path data, int instances) {
        FaultPlan plan = FaultPlan.in(data).withoutProxies().withRevival();
        for (ServiceKind kind : ServiceKind.values()) {
            plan = plan.with(kind, instances);
        }
        progress.accept("starting a cluster with " + instances + " of each service in " + data);
        try (FaultCluster cluster = FaultCluster.start(plan);
                Flow flow = new Flow(cluster, USERS, INTERVAL)) {
            flow.start();
            awaitSteady(flow, System.nanoTime());
            List<Recovery> recoveries = new ArrayList<>();
            for (Part part : cluster.parts()) {
                boolean first =
                        part.kind().isStore() ? instances == 1 : part.name().endsWith("-1");
                if (first && chosen.test(part.kind().word())) {
                    recoveries.add(kill(cluster, flow, part, part.kind().isStore() ? 1 : instances));
                }
            }
            return recoveries;
        }
    }

    private Recovery kill(FaultCluster cluster, Flow flow, Part part, int instances) {
        long refusedBefore = flow.refused();
        long killed = System.nanoTime();
        ProcessHandle.of(part.pid()).ifPresent(ProcessHandle::destroyForcibly); // not by the kit, which revives it
        boolean recovered = awaitSteady(flow, killed);
        long now = System.nanoTime();
        Duration flowsAgain = Duration.ofNanos(flow.flowsAgain(killed, now, GAP) - killed);
        Recovery recovery = new Recovery(
                part.name(),
                instances,
                recovered ? flowsAgain : Duration.ofSeconds(-1),
                flow.answers().longestGap(killed, now).length(),
                flow.refused() - refusedBefore);
        progress.accept(RecoverReport.line(recovery));
        cluster.awaitReady();
        awaitSteady(flow, System.nanoTime());
        return recovery;
    }

    /** False: it does not become steady. */
    private static boolean awaitSteady(Flow flow, long from) {
        long until = from + PATIENCE.toNanos();
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(POLL.toNanos());
            long now = System.nanoTime();
            if (now - from > STEADY.toNanos() && now - flow.flowsAgain(from, now, GAP) > STEADY.toNanos()) {
                return true;
            }
        }
        return false;
    }
}
