package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();
    private static final int LAST_LINES = 12;

    private final String name;
    private final List<String> programs;
    private final Path directory;
    private final Path record;
    private final Path output;
    private volatile boolean abandoned;
    private volatile @Nullable Process process;
    private volatile long pid;
    /** The pid of the last process that came to serve. */
    private volatile long served;

    private StoreServer.@Nullable DeathListener listener;

    /** Asks the store whether it serves. */
    @FunctionalInterface
    interface Probe {
        boolean answers() throws IOException;
    }

    /**
     * Creates one that is not started.
     *
     * @param programs what the file of its program may be called; longer names count, too
     */
    StoreProcess(String name, List<String> programs, Path directory) {
        this.name = name;
        this.programs = List.copyOf(programs);
        this.directory = directory;
        this.record = directory.resolve(name + ".pid");
        this.output = directory.resolve(name + ".log");
    }

    Path output() {
        return output;
    }

    /** Starts the command and returns when the probe answers. Throws, and leaves no process, if it does not. */
    synchronized void start(List<String> command, Probe probe) {
        try {
            Process started = spawn(command, Map.of());
            awaitReady(started, probe);
            served = started.pid();
            log.debug("{} started pid={} dir={}", name, started.pid(), directory);
        } catch (IOException e) {
            endForcibly();
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /**
     * Runs a command that ends by itself. Throws, and leaves no process, if it fails.
     *
     * @param environment beside our own
     */
    synchronized void run(List<String> command, Map<String, String> environment) throws IOException {
        try {
            int exitCode = spawn(command, environment).waitFor();
            if (exitCode != 0) {
                throw new IOException(name + " failed with exit code " + exitCode + ":\n" + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " ran", e);
        } finally {
            stop();
        }
    }

    private Process spawn(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(OwnSession.of(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = started;
        pid = started.pid();
        Files.writeString(record, started.pid() + "\n" + command.getFirst() + "\n");
        started.getOutputStream().close();
        Thread.ofVirtual().name("watch-" + name).start(() -> watch(started));
        return started;
    }

    /** Tells the listener of a process that nobody here ended. One that never served is the business of who started it. */
    private void watch(Process watched) {
        try {
            int exitCode = watched.waitFor();
            StoreServer.DeathListener told;
            synchronized (this) {
                told = process != null && served == watched.pid() ? listener : null;
            }
            if (told != null) {
                told.died(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void onDeath(StoreServer.DeathListener newListener) {
        listener = newListener;
    }

    /** A start that is under way fails, from any thread. */
    void abandon() {
        abandoned = true;
    }

    boolean isRunning() {
        Process last = process;
        return last != null && last.isAlive();
    }

    /** The pid of the process that was started last. */
    long pid() {
        if (pid == 0) {
            throw new IllegalStateException(name + " is not started");
        }
        return pid;
    }

    /** Throws while this object's process runs: its files must not be touched. */
    synchronized void requireStopped() {
        if (isRunning()) {
            throw new IllegalStateException("stop " + name + " first");
        }
    }

    /** Orderly: SIGTERM, and SIGKILL where that does not help within 10 s. */
    synchronized void stop() {
        Process last = process;
        if (last != null) {
            end(last.toHandle());
            forget();
        }
    }

    /** SIGKILL: what was not flushed is lost. */
    synchronized void kill() {
        endForcibly();
        forget();
    }

    private void endForcibly() {
        Process last = process;
        if (last != null) {
            last.destroyForcibly();
            awaitEnd(last.toHandle());
        }
    }

    /** SIGSTOP: the process keeps its connections and answers nothing. */
    void pause() {
        Signals.stop(pid());
    }

    /** SIGCONT: ends {@link #pause}. */
    void resume() {
        Signals.resume(pid());
    }

    /** Ends the process which an earlier owner of this folder left, if the recorded pid still is that program. */
    synchronized void endLeftover() {
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
        return programs.stream().anyMatch(program::startsWith) && line.contains(directory.toString());
    }

    /** One that is stopped by SIGSTOP is woken for it. What it has started ends with it. */
    private void end(ProcessHandle handle) {
        List<ProcessHandle> started = handle.descendants().toList();
        handle.destroy();
        if (handle.isAlive()) {
            Signals.resume(handle.pid());
        }
        if (!awaitEnd(handle)) {
            log.warn("{} pid={} did not stop within {} s, killing it", name, handle.pid(), STOP_LIMIT.toSeconds());
            handle.destroyForcibly();
            awaitEnd(handle);
        }
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private boolean awaitEnd(ProcessHandle handle) {
        long until = System.nanoTime() + STOP_LIMIT.toNanos();
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
            if (abandoned) {
                throw new IOException(name + " was closed while it started");
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
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
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
