package io.longline.bench.measure;

import io.longline.deploy.cluster.ClusterException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The floor ({@code floor.c}): what sending costs where nothing else is done. It is compiled where this machine has a C compiler. */
public final class Floor implements AutoCloseable {
    private static final String SOURCE = "floor.c";

    private final Process process;
    private final OutputStream commands;
    private final BufferedReader answers;
    private final int port;

    /**
     * What one round of sending took.
     *
     * @param cpuSeconds of the floor's process
     */
    public record Sent(long deliveries, double wallSeconds, double cpuSeconds) {}

    private Floor(Process process) throws IOException {
        this.process = process;
        this.commands = process.getOutputStream();
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.port = Integer.parseInt(answer().split(" ", -1)[1]);
    }

    /** The program; empty where there is no compiler. */
    public static Optional<Path> compile(Path folder) {
        Path source = folder.resolve(SOURCE);
        Path program = folder.resolve("floor");
        try (InputStream in = Floor.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + SOURCE);
            }
            Files.write(source, in.readAllBytes());
            Process compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (compiler.waitFor() != 0) {
                throw new ClusterException("the floor does not compile: " + said);
            }
            return Optional.of(program);
        } catch (IOException e) {
            return Optional.empty(); // no cc
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }

    /** Waits for so many connections before it does anything else. */
    public static Floor start(Path program, int connections, int payloadBytes) {
        try {
            return new Floor(new ProcessBuilder(
                            program.toString(), Integer.toString(connections), Integer.toString(payloadBytes))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new ClusterException("the floor could not be started", e);
        }
    }

    public int port() {
        return port;
    }

    /** Sends to every connection in each round, so many messages with one call. */
    public Sent send(long rounds, int merged) {
        try {
            commands.write("send %d %d%n".formatted(rounds, merged).getBytes(StandardCharsets.US_ASCII));
            commands.flush();
            String[] words = answer().split(" ", -1);
            return new Sent(Long.parseLong(words[1]), Double.parseDouble(words[3]), Double.parseDouble(words[5]));
        } catch (IOException e) {
            throw new UncheckedIOException("the floor cannot be spoken to", e);
        }
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new ClusterException("the floor ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
