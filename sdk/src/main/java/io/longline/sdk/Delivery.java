package io.longline.sdk;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Calls the app, one call after the other, on the thread {@code longline-app}; between two it asks about a message that is to be pulled, if
 * that is due. Between it and the link there is a bounded queue: when it is
 * full the link stops reading, and the room holds back.
 */
final class Delivery {
    private static final int MAX_WAITING = 1_024;
    private static final long CLOSE_MS = 5_000;

    private final Pulls pulls;
    private final ConnectionListener connections;
    private final BlockingQueue<Runnable> calls = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicInteger open = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "longline-app");
    private volatile boolean closing;
    private volatile boolean last;

    Delivery(Pulls pulls, ConnectionListener connections) {
        this.pulls = pulls;
        this.connections = connections;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Pulls pulls() {
        return pulls;
    }

    /** Puts one call into the queue, or answers false after {@code waitMs} in which the queue was full. */
    boolean offer(Runnable call, long waitMs) throws InterruptedException {
        open.incrementAndGet();
        boolean taken = closing || calls.offer(call, waitMs, TimeUnit.MILLISECONDS);
        if (!taken) {
            open.decrementAndGet();
        }
        return taken;
    }

    /** Puts one call into the queue if there is room. */
    void offer(Runnable call) {
        open.incrementAndGet();
        if (!calls.offer(call)) {
            open.decrementAndGet();
        }
    }

    /** A call to the connection listener; what it throws changes nothing. */
    Runnable event(Consumer<ConnectionListener> event) {
        return () -> {
            try {
                event.accept(connections);
            } catch (Throwable e) { // Kotlin may throw anything
                failed(e);
            }
        };
    }

    /** Tells the app that something of its own threw. Only on the thread {@code longline-app}. */
    void failed(Throwable problem) {
        try {
            connections.onFailed(problem);
        } catch (Throwable e) {
            // The hook for problems has one itself; there is nobody left to tell.
        }
    }

    /** Whether a call waits or runs. */
    boolean isBusy() {
        return open.get() > 0;
    }

    /** Lets the queue run empty and then ends the thread. */
    void finish() {
        last = true;
        calls.offer(Delivery::nothing);
    }

    /** Drops what waits, and gives the call that runs 5 s to return. */
    void close() {
        closing = true;
        calls.clear();
        calls.offer(Delivery::nothing);
        if (!Thread.currentThread().equals(thread)) {
            try {
                thread.join(CLOSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Wakes the thread, so that it looks whether to end. */
    private static void nothing() {}

    private void run() {
        while (!closing && !(last && calls.isEmpty())) {
            try {
                Runnable call = calls.poll(pulls.untilNextMs(), TimeUnit.MILLISECONDS);
                if (call != null) {
                    if (!closing) {
                        call.run();
                    }
                    open.decrementAndGet();
                }
                if (!closing && !last) {
                    pulls.askDue(this);
                }
            } catch (InterruptedException e) {
                // The app's listener left its thread interrupted; nothing here ends by it.
            }
        }
    }
}
