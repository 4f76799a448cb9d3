package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a store: its record {@code NAME.pid} and its output {@code NAME.log} stand in the store's folder. The
 * folder is named in the command line of the process; by this and by the program's name a process that was left is told
 * from a stranger which was given the same pid since.
 */
final class StoreProcess {
    private static final Logger log = LoggerFactory.getLogger(StoreProcess.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String name;
    private final Path directory;
    private final Path record;
    private final Path output;
    private @Nullable Process process;

    /** Asks the store whether it serves. */
    @FunctionalInterface
    interface Probe {
        boolean answers() throws IOException;
    }

    StoreProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory;
        this.record = directory.resolve(name + ".pid");
        this.output = directory.resolve(name + ".log");
    }

    /** Starts the command and returns when the probe answers. Throws, and leaves no process, if it does not. */
    void start(List<String> command, Probe probe) {
        try {
            Process started = new ProcessBuilder(OwnSession.of(command))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            process = started;
            Files.writeString(record, started.pid() + "\n" + command.getFirst() + "\n");
            started.getOutputStream().close();
            awaitReady(started, probe);
            log.debug("{} started pid={} dir={}", name, started.pid(), directory);
        } catch (IOException e) {
            kill();
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /** The pid of the running process. */
    long pid() {
        return running().pid();
    }

    /** Throws while this object's process runs: its files must not be touched. */
    void requireStopped() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("stop " + name + " first");
        }
    }

    /** Orderly: SIGTERM, and SIGKILL where that does not help within 20 s. */
    void stop() {
        if (process != null) {
            end(process.toHandle());
            forget();
        }
    }

    /** SIGKILL: what was not flushed is lost. */
    void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process.toHandle(), STOP_LIMIT);
            forget();
        }
    }

    /** SIGSTOP: the process keeps its connections and answers nothing. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT: ends {@link #pause}. */
    void resume() {
        signal("CONT");
    }

    /** Ends the process which an earlier owner of this folder left, if the recorded pid still is that program. */
    void endLeftover() {
        leftover().ifPresent(handle -> {
            log.info("ending {} left by an earlier run pid={} dir={}", name, handle.pid(), directory);
            end(handle);
        });
        forget();
    }

    private Optional<ProcessHandle> leftover() {
        try {
            List<String> lines = Files.readAllLines(record);
            return lines.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(lines.getFirst().trim())).filter(this::isOurs);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            log.warn("cannot read {}: {}", record, e.toString());
            return Optional.empty();
        }
    }

    /** False for a process that has ended, also while nobody has reaped it. */
    private boolean isOurs(ProcessHandle handle) {
        ProcessHandle.Info info = handle.info();
        String program =
                info.command().map(c -> Path.of(c).getFileName().toString()).orElse("");
        String line = info.commandLine().orElse("");
        return program.startsWith(name) && line.contains(directory.toString());
    }

    private void end(ProcessHandle handle) {
        handle.destroy();
        if (!awaitEnd(handle, STOP_LIMIT)) {
            log.warn("{} pid={} did not stop within {} s, killing it", name, handle.pid(), STOP_LIMIT.toSeconds());
            handle.destroyForcibly();
            awaitEnd(handle, STOP_LIMIT);
        }
    }

    private boolean awaitEnd(ProcessHandle handle, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        while (handle.isAlive() && isOurs(handle)) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    private void awaitReady(Process started, Probe probe) throws IOException {
        long until = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers(probe)) {
            if (!started.isAlive()) {
                throw new IOException(
                        name + " ended with exit code " + started.exitValue() + "; its last lines:\n" + tail());
            }
            if (System.nanoTime() - until > 0) {
                throw new IOException(
                        name + " did not serve within " + START_LIMIT.toSeconds() + " s; its last lines:\n" + tail());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean answers(Probe probe) {
        try {
            return probe.answers();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private String tail() throws IOException {
        List<String> lines = new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(running().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot signal " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " is not started");
        }
        return process;
    }

    private void forget() {
        process = null;
        try {
            Files.deleteIfExists(record);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + record, e);
        }
    }
}
