package io.longline.deploy.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * The cluster that the last {@code longline up} of this user left running, as other commands find it: the file
 * {@code running.json} in {@code ~/.longline} (environment {@code LONGLINE_HOME} names another folder).
 *
 * @param pid of that {@code up}
 * @param startedMs when that process started; together they tell it from a later one with the same pid
 */
public record RunningCluster(long pid, long startedMs, String cluster, String zookeeper) {

    /** Of this process. */
    static RunningCluster ofThisProcess(String cluster, String zookeeper) {
        ProcessHandle self = ProcessHandle.current();
        return new RunningCluster(self.pid(), startedMs(self), cluster, zookeeper);
    }

    /** The folder of this user's clusters. */
    public static Path home() {
        String given = System.getProperty("longline.home", System.getenv().getOrDefault("LONGLINE_HOME", ""));
        return given.isEmpty() ? Path.of(System.getProperty("user.home"), ".longline") : Path.of(given);
    }

    /** The cluster that runs now; empty also when it ended without a word. */
    public static Optional<RunningCluster> find() {
        return read().filter(RunningCluster::isAlive);
    }

    /** Makes it the one that is found. */
    void write() {
        ObjectNode json = Json.object()
                .put("pid", pid)
                .put("started_ms", startedMs)
                .put("cluster", cluster)
                .put("zookeeper", zookeeper);
        try {
            Files.createDirectories(home());
            Path fresh = Files.createTempFile(home(), "running", ".json");
            Files.write(fresh, Json.bytes(json));
            Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file(), e);
        }
    }

    /** Removes the file if it still speaks of this cluster. */
    void remove() {
        try {
            if (read().filter(this::equals).isPresent()) {
                Files.deleteIfExists(file());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file(), e);
        }
    }

    private boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startedMs(process) == startedMs)
                .isPresent();
    }

    private static Optional<RunningCluster> read() {
        try {
            JsonNode json = Json.parse(Files.readAllBytes(file()));
            return Optional.of(new RunningCluster(
                    json.path("pid").asLong(),
                    json.path("started_ms").asLong(),
                    json.path("cluster").asText(),
                    json.path("zookeeper").asText()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (LonglineException e) {
            return Optional.empty(); // not ours, or written by another release
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(), e);
        }
    }

    private static Path file() {
        return home().resolve("running.json");
    }

    private static long startedMs(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
