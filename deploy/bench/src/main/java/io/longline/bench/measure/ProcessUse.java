package io.longline.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process has used so far. */
public final class ProcessUse {
    private static final long TICK_MS = 10; // USER_HZ is 100 on every Linux that runs Java
    private static final int USER_TICKS = 11; // behind the name, which may contain anything and ends with a parenthesis
    private static final int SYSTEM_TICKS = 12;

    private ProcessUse() {}

    /** Of all its threads, in user and kernel, to a hundredth of a second. */
    public static Duration cpu(long pid) {
        String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        return Duration.ofMillis(ticks * TICK_MS);
    }

    /** Its memory in bytes, what it shares counted in parts; without the kernel's for its sockets. */
    public static long pss(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "smaps_rollup"))
                .lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no Pss of process " + pid));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": has the process ended?", e);
        }
    }
}
