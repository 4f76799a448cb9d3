package io.longline.deploy.service;

import io.longline.stores.OwnSession;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Kills the processes it was told of when this process is gone, however it went: a small shell that reads pids from its
 * input until that ends. For processes that cannot notice it themselves: stores, and services that are stopped.
 */
public final class Guard implements AutoCloseable {
    private static final String SCRIPT = """
            watched=' '
            while read -r word pid; do
              case $word in
                watch) watched="$watched$pid " ;;
                forget) case $watched in
                  *" $pid "*) watched="${watched%% $pid *} ${watched#* $pid }" ;;
                esac ;;
              esac
            done
            for pid in $watched; do kill -9 "$pid"; done 2>/dev/null
            """;

    /** Watches nothing. */
    public static final Guard NONE = new Guard(Writer.nullWriter());

    private final Writer input;
    private boolean closed;

    private Guard(Writer input) {
        this.input = input;
    }

    public static Guard start() {
        try {
            Process shell = new ProcessBuilder(OwnSession.of(List.of("sh", "-c", SCRIPT, "longline-guard")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Guard(new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the shell that guards processes", e);
        }
    }

    /** From now on this process does not outlive ours. */
    public void watch(long pid) {
        tell("watch", pid);
    }

    /** It has ended; its pid may be given to a stranger. */
    public void forget(long pid) {
        tell("forget", pid);
    }

    private synchronized void tell(String word, long pid) {
        if (closed) {
            return; // all that it knew were killed
        }
        try {
            input.write(word + " " + pid + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the shell that guards processes is gone", e);
        }
    }

    /** Kills what it still watches. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            input.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
