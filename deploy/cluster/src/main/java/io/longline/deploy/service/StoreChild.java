package io.longline.deploy.service;

import io.longline.stores.StoreServer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A store's process. Where it is to be revived it is started again when it ends without being told to, at once the first time,
 * later after growing pauses; one that is stopped by SIGSTOP is left alone.
 */
public final class StoreChild implements Child {
    private final String name;
    private final StoreServer store;
    private final boolean revive;
    private final Guard guard;
    private final Consumer<String> progress;
    private final RevivalPause pause = new RevivalPause();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;
    private long born;

    /** The pid that the guard knows; 0: none. */
    private long guarded;

    /**
     * Creates one that is not started.
     *
     * @param revive it is started again when it dies
     * @param guard ends the process when this one is gone
     * @param progress told in a sentence when it is started again
     */
    public StoreChild(String name, StoreServer store, boolean revive, Guard guard, Consumer<String> progress) {
        this.name = name;
        this.store = store;
        this.revive = revive;
        this.guard = guard;
        this.progress = progress;
        store.onDeath(this::died);
    }

    @Override
    public void start() {
        if (!store.isRunning()) {
            store.start();
            started();
        }
    }

    private void started() {
        long pid = store.pid();
        guard.watch(pid);
        lock.lock();
        try {
            guarded = pid;
            born = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long pid() {
        return store.pid();
    }

    @Override
    public boolean isRunning() {
        return store.isRunning();
    }

    @Override
    public void kill() {
        store.kill();
        forget();
    }

    /** Its process is gone, and its pid may be given to a stranger. */
    private void forget() {
        lock.lock();
        try {
            if (guarded != 0) {
                guard.forget(guarded);
                guarded = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        store.pause();
    }

    @Override
    public void resume() {
        store.resume();
    }

    @Override
    public void restart() {
        end();
        start();
    }

    /** Kills it, lets its files be changed, and starts it. */
    public void restartAfter(Runnable change) {
        store.kill();
        forget();
        change.run();
        start();
    }

    @Override
    public void close() {
        stayDown();
        store.close(); // also while it is being started
        forget();
    }

    @Override
    public void closeForcibly() {
        stayDown();
        store.kill();
        store.close();
        forget();
    }

    private void stayDown() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        if (store.isRunning()) {
            store.stop();
            forget();
        }
    }

    private void died(int exitCode) {
        forget();
        if (!revive) {
            return;
        }
        String what = "ended with exit code " + exitCode;
        Duration life = life();
        try {
            while (pauseUnlessClosed(what, life)) {
                life = Duration.ZERO;
                try {
                    if (store.revive()) {
                        started();
                        progress.accept(name + " is back");
                    }
                    return;
                } catch (RuntimeException e) {
                    what = "could not be started: " + reason(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration life() {
        lock.lock();
        try {
            return Duration.ofNanos(System.nanoTime() - born);
        } finally {
            lock.unlock();
        }
    }

    private static String reason(RuntimeException failure) {
        Throwable cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
    }

    /** False: it is to stay down. */
    private boolean pauseUnlessClosed(String what, Duration life) throws InterruptedException {
        lock.lock();
        try {
            Duration wait = pause.after(life);
            if (!closed) {
                progress.accept(name + " " + what + ", starting it again"
                        + (wait.isZero() ? "" : " in " + wait.toMillis() + " ms"));
            }
            long left = wait.toNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
