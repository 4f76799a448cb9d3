package io.longline.deploy.kit;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A run of the real {@code deploy/longline}, with a home folder of its own. */
public final class Program implements AutoCloseable {
    private static final Path SCRIPT =
            Path.of("..", "longline").toAbsolutePath().normalize();

    /** It lives for seconds. */
    private static final String JAVA_OPTS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private Program(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    public static Program run(Path home, String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return runCommand(home, command);
    }

    /** A line as {@code up} prints it, given to a shell. */
    public static Program shell(Path home, String line) {
        return runCommand(home, List.of("bash", "-c", "exec " + line));
    }

    /** Standard error is read with standard output. */
    public static Program runCommand(Path home, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LONGLINE_HOME", home.toString());
        builder.environment().put("LONGLINE_BUILD", "never");
        builder.environment().put("LONGLINE_JAVA_OPTS", JAVA_OPTS);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path script() {
        return SCRIPT;
    }

    /** Waits for a line that contains this, and answers it. */
    public String awaitLine(String part) {
        await().atMost(Duration.ofMinutes(2))
                .failFast(
                        "the program ended:\n" + this,
                        () -> !process.isAlive()
                                && !reader.isAlive()
                                && line(part).isEmpty())
                .until(() -> line(part).isPresent());
        return line(part).orElseThrow();
    }

    /** The line behind the one that contains this, without the spaces around it. */
    public String lineAfter(String part) {
        return lines.get(lines.indexOf(line(part).orElseThrow()) + 1).strip();
    }

    private Optional<String> line(String part) {
        return lines.stream().filter(line -> line.contains(part)).findFirst();
    }

    public List<String> lines() {
        return lines;
    }

    /** Waits for the end, and answers the exit code. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("the program goes on:\n" + this);
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM; answers the exit code. */
    public int terminate() {
        process.toHandle().destroy(); // Process.destroy would close its output, too
        return awaitEnd();
    }

    /** SIGKILL. */
    public void kill() {
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    public long pid() {
        return process.pid();
    }

    /** Processes whose command line contains this; read from the system, because Java cuts long ones off. */
    public static Stream<ProcessHandle> processesWith(String part) {
        return ProcessHandle.allProcesses()
                .filter(handle -> commandLine(handle.pid()).contains(part));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
        } catch (IOException e) {
            return ""; // it ended meanwhile
        }
    }

    private void read() {
        try (BufferedReader reading =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reading.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add(e.toString());
        }
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
    }
}
