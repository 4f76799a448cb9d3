package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import io.longline.stores.OwnJava;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The bench's side of a process of the crowd. One command at a time. */
final class CrowdProcess implements AutoCloseable {
    static final String DEVICE = "phone";

    private static final List<String> FLAGS = List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    private static final Duration END_WITHIN = Duration.ofSeconds(10);

    private final Process process;
    private final OutputStream commands;
    private final BufferedReader answers;
    private final Path log;

    private CrowdProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.commands = process.getOutputStream();
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Whom the client of an index is. */
    static String user(int index) {
        return "crowd-" + index;
    }

    /** @param log where its errors go */
    static CrowdProcess start(CrowdSetup setup, Path log) {
        List<String> command = new ArrayList<>();
        command.add(OwnJava.program());
        command.addAll(FLAGS);
        command.addAll(OwnJava.cacheFlags());
        command.addAll(List.of("-cp", OwnJava.classPath(), CrowdMain.class.getName()));
        try {
            CrowdProcess crowd = new CrowdProcess(
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    log);
            crowd.ask(setup.json());
            return crowd;
        } catch (IOException e) {
            throw new ClusterException("a process of the crowd could not be started", e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Answers what it answered; throws where it has ended. */
    synchronized JsonNode ask(ObjectNode command) {
        try {
            commands.write(Json.bytes(command));
            commands.write('\n');
            commands.flush();
            String line = answers.readLine();
            if (line != null) {
                return Json.parse(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new ClusterException("a process of the crowd cannot be spoken to; see " + log, e);
        }
        throw new ClusterException("a process of the crowd ended; see " + log);
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(END_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
