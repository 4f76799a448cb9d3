package io.longline.bench.presence;

import io.longline.bench.report.Table;
import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Does to a cluster what a deck says, never two things to one part at a time, and heals each. */
final class Blows {
    private final FaultCluster cluster;
    private final BlowDeck deck;
    private final Consumer<String> progress;
    private final Set<String> inHands = new HashSet<>();
    private final Map<String, Map<Blow.Kind, Integer>> counts = new TreeMap<>();
    private volatile long emptiedMs;

    Blows(FaultCluster cluster, BlowDeck deck, Consumer<String> progress) {
        this.cluster = cluster;
        this.deck = deck;
        this.progress = progress;
    }

    /** Returns when the time is over and the last one is healed; parts may still be on their way. */
    void run(Duration stretch, int lanes) {
        long until = System.nanoTime() + stretch.toNanos();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            all.add(CompletableFuture.runAsync(
                    () -> {
                        while (System.nanoTime() < until) {
                            strike(deck.next());
                        }
                    },
                    Thread.ofVirtual().name("blows-" + lane)::start));
        }
        all.forEach(CompletableFuture::join);
    }

    private void strike(Blow blow) {
        pause(blow.after());
        take(blow);
        progress.accept(blow.toString());
        Part part = cluster.part(blow.part());
        switch (blow.kind()) {
            case KILL -> {
                part.kill();
                pause(blow.lasts());
                part.restart();
            }
            case STOP, LONG_STOP -> {
                part.stop();
                pause(blow.lasts());
                part.resume();
            }
            case EMPTY -> {
                cluster.stores().emptyRedis();
                emptiedMs = System.currentTimeMillis();
            }
        }
        putDown(blow);
    }

    private synchronized void take(Blow blow) {
        try {
            while (!inHands.add(blow.part())) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
        counts.computeIfAbsent(blow.part(), _ -> new TreeMap<>()).merge(blow.kind(), 1, Integer::sum);
    }

    private synchronized void putDown(Blow blow) {
        inHands.remove(blow.part());
        notifyAll();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }

    /** When an emptied Redis served again, in ms since 1970; 0: it was never emptied. */
    long emptiedMs() {
        return emptiedMs;
    }

    synchronized int count() {
        return counts.values().stream()
                .flatMap(each -> each.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
    }

    synchronized Table table() {
        Table table = Table.of("What was done", "part", "killed", "stopped", "stopped long", "emptied");
        counts.forEach((part, done) -> table.add(
                part,
                done.getOrDefault(Blow.Kind.KILL, 0),
                done.getOrDefault(Blow.Kind.STOP, 0),
                done.getOrDefault(Blow.Kind.LONG_STOP, 0),
                done.getOrDefault(Blow.Kind.EMPTY, 0)));
        return table;
    }
}
