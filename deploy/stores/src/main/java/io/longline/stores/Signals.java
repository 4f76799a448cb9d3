package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The signals that Java does not send by itself. */
public final class Signals {

    private Signals() {}

    /** SIGSTOP: the process keeps its connections and its ports, and does nothing until {@link #resume}. */
    public static void stop(long pid) {
        send("STOP", pid);
    }

    /** SIGCONT. */
    public static void resume(long pid) {
        send("CONT", pid);
    }

    /** A process that is gone is no error. */
    private static void send(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
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
