package io.longline.deploy.service;

import io.longline.stores.OwnSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service's process, started again when it ends by itself: at once the first time, later after a pause that doubles from
 * half a second to 30 s and begins anew when the process lived for a minute. It holds the process's input open; the
 * process ends when that is closed, so that none is left if this one is killed.
 */
final class ServiceChild implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration SOUND_LIFE = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final String instance;
    private final List<String> command;
    private final Consumer<String> output;
    private @Nullable Process process;
    private boolean closed;

    ServiceChild(String instance, List<String> command, Consumer<String> output) {
        this.instance = instance;
        this.command = command;
        this.output = output;
    }

    void start() {
        Process first = spawn();
        Thread.ofVirtual().name("watch-" + instance).start(() -> watch(first));
    }

    /** SIGTERM, and SIGKILL where that does not help within 15 s. */
    @Override
    public void close() {
        Process last;
        synchronized (this) {
            closed = true;
            notifyAll();
            last = process;
        }
        if (last != null) {
            end(last);
        }
    }

    private void end(Process last) {
        try {
            last.toHandle().destroy(); // Process.destroy would close its output, too
            if (!last.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                say("did not stop within " + STOP_LIMIT.toSeconds() + " s, killing it");
                last.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Process spawnUnlessClosed() {
        return closed ? null : spawn();
    }

    private synchronized Process spawn() {
        try {
            ProcessBuilder builder = new ProcessBuilder(OwnSession.of(command)).redirectErrorStream(true);
            // What the operator set for this command is no setting of a service.
            builder.environment().keySet().removeIf(name -> name.startsWith("LONGLINE_"));
            Process started = builder.start();
            process = started;
            Thread.ofVirtual().name("output-" + instance).start(() -> copyOutput(started));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + instance, e);
        }
    }

    private void watch(Process first) {
        try {
            Duration pause = Duration.ZERO;
            for (Process current = first; current != null; current = spawnUnlessClosed()) {
                long born = System.nanoTime();
                int exitCode = current.waitFor();
                if (System.nanoTime() - born > SOUND_LIFE.toNanos()) {
                    pause = Duration.ZERO;
                }
                if (!pauseUnlessClosed(exitCode, pause)) {
                    return;
                }
                pause = next(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False: it is to stay down. */
    private synchronized boolean pauseUnlessClosed(int exitCode, Duration pause) throws InterruptedException {
        long until = System.nanoTime() + pause.toNanos();
        if (!closed) {
            say("ended with exit code " + exitCode + ", starting it again"
                    + (pause.isZero() ? "" : " in " + pause.toMillis() + " ms"));
        }
        for (long left = pause.toMillis(); !closed && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return !closed;
    }

    private static Duration next(Duration pause) {
        Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void copyOutput(Process started) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.accept("[" + instance + "] " + line);
            }
        } catch (IOException e) {
            say("its output cannot be read: " + e.getMessage());
        }
    }

    private void say(String what) {
        output.accept("[" + instance + "] " + what);
    }
}
