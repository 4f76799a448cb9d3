package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The signals that Java does not send by itself. */
public final class Signals {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(1);
    /** States of a process in {@code /proc/PID/stat}; proc(5). */
    private static final String STOPPED_OR_GONE = "TtZX";

    private Signals() {}

    /**
     * SIGSTOP: the process keeps its connections and its ports, and does nothing until {@link #resume}. Returns when it has stopped:
     * the signal takes effect when one of its threads is next given a processor, and until then the others go on.
     */
    public static void stop(long pid) {
        send("STOP", pid);
        long until = System.nanoTime() + STOPS_WITHIN.toNanos();
        while (goesOn(pid) && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** False also where the system does not say. */
    private static boolean goesOn(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return STOPPED_OR_GONE.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGCONT. */
    public static void resume(long pid) {
        send("CONT", pid);
    }

    /** A process that is gone is no error. */
    private static void send(String signal, long pid) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid) // there is not always a program of that name
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + signal + " to pid " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
