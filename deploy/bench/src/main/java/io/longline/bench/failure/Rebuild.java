package io.longline.bench.failure;

import io.longline.bench.rig.Limits;
import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.FaultPlan;
import io.longline.deploy.service.ServiceKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Fills a cluster with sessions and waiting messages, kills Redis, deletes its files, starts it, and looks how long routes and
 * inboxes take to be there again.
 */
public final class Rebuild {
    private static final int ROOMS = 2;
    private static final int CALLS = 2048;
    private static final int CHECKS = 256;
    private static final int ROUNDS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final List<String> JAVA_FLAGS = List.of("-Xmx2g", "-XX:+UseSerialGC");
    private static final String TEXT = "x".repeat(200);

    private final RebuildSize size;
    private final Consumer<String> progress;

    public Rebuild(RebuildSize size, Consumer<String> progress) {
        this.size = size;
        this.progress = progress;
    }

    /** Throws a {@link ClusterException} where this machine's limits do not allow that size. */
    public RebuildResult run(Path data) {
        Limits.requireFiles(size.links());
        FaultPlan plan =
                FaultPlan.in(data).withoutProxies().withJavaFlags(JAVA_FLAGS).with(ServiceKind.ROOM, ROOMS);
        progress.accept("starting a cluster in " + data);
        try (FaultCluster cluster = FaultCluster.start(plan)) {
            return run(cluster);
        }
    }

    /** On a cluster that nobody else speaks to. */
    public RebuildResult run(FaultCluster cluster) {
        try (ClusterClient client = new ClusterClient(cluster);
                Sessions sessions = new Sessions()) {
            long begun = System.nanoTime();
            sessions.open(cluster.rooms(), size.sessions(), size.perLink());
            Duration bound = since(begun);
            progress.accept(
                    size.sessions() + " sessions on " + sessions.links() + " links after " + bound.toMillis() + " ms");
            begun = System.nanoTime();
            store(client);
            Duration stored = since(begun);
            progress.accept(size.messages() + " messages stored after " + stored.toMillis() + " ms");
            return empty(cluster, client, new Filling(bound, stored));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }

    private record Filling(Duration bound, Duration stored) {}

    /** What is refused is sent again, with the same id. */
    private void store(ClusterClient client) throws InterruptedException {
        List<Integer> missing = IntStream.range(0, size.messages()).boxed().toList();
        AtomicReference<String> why = new AtomicReference<>("");
        for (int round = 0; round < ROUNDS && !missing.isEmpty(); round++) {
            Queue<Integer> refused = new ConcurrentLinkedQueue<>();
            InFlight calls = new InFlight(CALLS);
            for (int number : missing) {
                calls.begin(
                        () -> client.store(RebuildSize.away(number / size.perUser()), "waiting-" + number, TEXT),
                        stored -> {},
                        error -> {
                            refused.add(number);
                            why.set(String.valueOf(error.getMessage()));
                        });
            }
            calls.end();
            missing = List.copyOf(refused);
        }
        if (!missing.isEmpty()) {
            throw new ClusterException(missing.size() + " messages could not be stored: " + why.get());
        }
    }

    private RebuildResult empty(FaultCluster cluster, ClusterClient client, Filling filling)
            throws InterruptedException {
        Function<String, CompletableFuture<Boolean>> hasMessages =
                user -> client.waiting(user, 1).thenApply(found -> found > 0);
        ShardProbe routes = new ShardProbe(size.sessions(), Sessions::user, client::isOnline);
        ShardProbe inboxes = new ShardProbe(size.users(), RebuildSize::away, hasMessages);
        long begun = System.nanoTime();
        cluster.stores().emptyRedis();
        long emptied = System.nanoTime();
        progress.accept("Redis is empty");
        CompletableFuture<List<Duration>> routeTimes =
                CompletableFuture.supplyAsync(() -> routes.await(emptied, PATIENCE), Thread::startVirtualThread);
        List<Duration> inboxTimes = inboxes.await(emptied, PATIENCE);
        routeTimes.join();
        progress.accept("shards answer again: " + routeTimes.join().size() + " of " + routes.shards() + " routes, "
                + inboxTimes.size() + " of " + inboxes.shards() + " inboxes");
        int sessionsLost = lostSessions(client);
        Duration allSessions = since(emptied);
        int messagesLost = lostMessages(client);
        return new RebuildResult(
                size,
                filling.bound,
                filling.stored,
                Duration.ofNanos(emptied - begun),
                routeTimes.join(),
                inboxTimes,
                allSessions,
                since(emptied),
                sessionsLost,
                messagesLost);
    }

    /** Rooms refill shard after shard: asked for again until all are there, or no more come. */
    private int lostSessions(ClusterClient client) throws InterruptedException {
        int lost = size.sessions();
        for (int round = 0; round < ROUNDS && lost > 0; round++) {
            AtomicInteger found = new AtomicInteger();
            InFlight calls = new InFlight(CHECKS);
            for (int i = 0; i < size.sessions(); i++) {
                String user = Sessions.user(i);
                calls.begin(() -> client.isOnline(user), online -> found.addAndGet(online ? 1 : 0), error -> {});
            }
            calls.end();
            lost = size.sessions() - found.get();
        }
        return lost;
    }

    private int lostMessages(ClusterClient client) throws InterruptedException {
        AtomicInteger found = new AtomicInteger();
        List<Integer> users = IntStream.range(0, size.users()).boxed().toList();
        for (int round = 0; round < ROUNDS && !users.isEmpty(); round++) {
            Queue<Integer> unanswered = new ConcurrentLinkedQueue<>();
            InFlight calls = new InFlight(CHECKS);
            for (int user : users) {
                calls.begin(
                        () -> client.waiting(RebuildSize.away(user), size.messagesOf(user)),
                        found::addAndGet,
                        error -> unanswered.add(user));
            }
            calls.end();
            users = List.copyOf(unanswered);
        }
        return size.messages() - found.get();
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
