package io.longline.deploy.service;

import io.longline.stores.OwnSession;
import io.longline.stores.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A service's process. Where it is to be revived it is started again when it ends without being told to, at once the first time,
 * later after growing pauses. This object holds the process's input open; the process ends when that is closed, so that none is
 * left if this one is killed.
 */
public final class ServiceChild implements Child {
    /** Shorter than what the owner of a cluster gives each of its parts, who would leave it behind then. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final String instance;
    private final List<String> command;
    private final ChildOutput output;
    private final boolean revive;
    private final Guard guard;
    private final RevivalPause pause = new RevivalPause();
    private @Nullable Process process;
    private boolean wanted;
    private boolean closed;

    /**
     * Creates one that is not started.
     *
     * @param revive it is started again when it dies
     * @param guard ends the process when this one is gone
     */
    ServiceChild(String instance, List<String> command, ChildOutput output, boolean revive, Guard guard) {
        this.instance = instance;
        this.command = List.copyOf(command);
        this.output = output;
        this.revive = revive;
        this.guard = guard;
    }

    @Override
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException(instance + " is closed");
        }
        wanted = true;
        if (!isRunning()) {
            spawn();
        }
    }

    @Override
    public synchronized long pid() {
        return last().pid();
    }

    @Override
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void kill() {
        Process killed;
        synchronized (this) {
            wanted = false;
            killed = last();
        }
        killed.destroyForcibly();
        awaitEnd(killed);
    }

    @Override
    public void stop() {
        Signals.stop(pid());
    }

    @Override
    public void resume() {
        Signals.resume(pid());
    }

    @Override
    public void restart() {
        end();
        start();
    }

    @Override
    public void close() {
        stayDown();
        end();
    }

    @Override
    public void closeForcibly() {
        stayDown();
        if (isRunning()) {
            kill();
        }
    }

    private synchronized void stayDown() {
        closed = true;
        notifyAll();
    }

    private void end() {
        Process last;
        synchronized (this) {
            wanted = false;
            last = process;
        }
        if (last == null || !last.isAlive()) {
            return;
        }
        last.toHandle().destroy(); // Process.destroy would close its output, too
        Signals.resume(last.pid());
        try {
            if (!last.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                output.say(instance, "did not stop within " + STOP_LIMIT.toSeconds() + " s, killing it");
                last.destroyForcibly();
                awaitEnd(last);
            }
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEnd(Process killed) {
        try {
            killed.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void spawn() {
        try {
            ProcessBuilder builder = new ProcessBuilder(OwnSession.of(command));
            output.prepare(builder, instance);
            // What the operator set for this command is no setting of a service.
            builder.environment().keySet().removeIf(name -> name.startsWith("LONGLINE_"));
            Process started = builder.start();
            process = started;
            guard.watch(started.pid());
            output.follow(started, instance);
            Thread.ofVirtual().name("watch-" + instance).start(() -> watch(started));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + instance, e);
        }
    }

    private void watch(Process watched) {
        long born = System.nanoTime();
        try {
            int exitCode = watched.waitFor();
            guard.forget(watched.pid());
            revive(watched, exitCode, Duration.ofNanos(System.nanoTime() - born));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void revive(Process dead, int exitCode, Duration life) throws InterruptedException {
        if (!revive || !isStillWanted(dead)) {
            return;
        }
        Duration wait = pause.after(life);
        output.say(
                instance,
                "ended with exit code " + exitCode + ", starting it again"
                        + (wait.isZero() ? "" : " in " + wait.toMillis() + " ms"));
        long until = System.nanoTime() + wait.toNanos();
        for (long left = wait.toMillis(); left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            if (!isStillWanted(dead)) {
                return;
            }
            wait(left);
        }
        if (isStillWanted(dead)) {
            spawn();
        }
    }

    private synchronized boolean isStillWanted(Process dead) {
        return wanted && !closed && last().pid() == dead.pid();
    }

    private Process last() {
        if (process == null) {
            throw new IllegalStateException(instance + " is not started");
        }
        return process;
    }
}
