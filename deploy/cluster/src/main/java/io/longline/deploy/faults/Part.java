package io.longline.deploy.faults;

import java.nio.file.Path;
import java.util.Map;

/** One process of the cluster, a service's or a store's. Its ports and its data stay the same, whatever is done to it. */
public interface Part {

    /** {@code room-1}; stores are {@code redis}, {@code mysql} and {@code zookeeper}. */
    String name();

    PartKind kind();

    /** Of the process that was started last. */
    long pid();

    /** Whether its process lives; also true while it is stopped. */
    boolean isRunning();

    /** SIGKILL, and waits until it is gone. It stays down until {@link #restart}, also where the kit revives what dies. */
    void kill();

    /** SIGSTOP: it keeps its connections and does nothing. */
    void stop();

    /** SIGCONT: ends {@link #stop}. */
    void resume();

    /**
     * Starts it, on the same ports and data; one that runs is ended in an orderly way before, also one that is stopped. A
     * store serves when this returns, a service is under way: see {@link #isReady}.
     */
    void restart();

    /** Whether it says that it is ready for work; a store, whether it answers. False within a second where it says nothing. */
    boolean isReady();

    /**
     * What it counts, by {@code name} or {@code name{label="value",...}} as Prometheus reads it; empty for stores. Throws an
     * {@link java.io.UncheckedIOException} where it does not answer within two seconds.
     */
    Map<String, Double> metrics();

    /** All series of that name together; 0 where there is none. */
    default double metric(String name) {
        return metrics().entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** What it says, of all its lives. */
    Path log();
}
