package io.longline.deploy.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Services of a cluster that was killed: they end by themselves when they notice, which takes them some seconds, and hold
 * their ports until then. Each names the data folder of its cluster in its command line.
 *
 * @param data the folder of the cluster, which nobody else has now
 */
public record LeftServices(Path data, Consumer<String> progress) {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What Java is told; early in the command line, because a long one is not seen whole everywhere. */
    static String flag(Path data) {
        try {
            return "-Dlongline.data=" + data.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the data folder " + data, e);
        }
    }

    /** Waits for their end, and kills those that have not ended within 15 s. */
    public void awaitEnd() {
        List<ProcessHandle> left = find();
        if (left.isEmpty()) {
            return;
        }
        progress.accept("waiting for " + left.size() + " services of an earlier run to end");
        long until = System.nanoTime() + LIMIT.toNanos();
        while (left.stream().anyMatch(LeftServices::lives)) {
            if (System.nanoTime() - until > 0) {
                left.forEach(ProcessHandle::destroyForcibly);
                until += LIMIT.toNanos();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** One that has ended and that nobody has reaped has no command. */
    private static boolean lives(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private List<ProcessHandle> find() {
        String flag = flag(data);
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> arguments(process).contains(flag))
                .toList();
    }

    private static List<String> arguments(ProcessHandle process) {
        try {
            String line =
                    Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.UTF_8);
            return List.of(line.split("\0", -1));
        } catch (IOException e) {
            return process.info().arguments().map(List::of).orElse(List.of());
        }
    }
}
