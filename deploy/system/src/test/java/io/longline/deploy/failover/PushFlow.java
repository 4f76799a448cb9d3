package io.longline.deploy.failover;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Pushes to all users in turn, by some threads, until it is closed. */
final class PushFlow implements AutoCloseable {
    private static final int THREADS = 4;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final PushLog pushes;
    private final List<String> users;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();

    PushFlow(PushLog pushes, List<String> users) {
        this.pushes = pushes;
        this.users = users;
        for (int i = 0; i < THREADS; i++) {
            running.add(threads.submit(this::run));
        }
    }

    private void run() {
        while (!over.get()) {
            pushes.push("across", users.get(next.getAndIncrement() % users.size()));
        }
    }

    /** Returns when so many more were answered. */
    void awaitAnswers(int more) {
        int before = pushes.size();
        await().atMost(SOON)
                .until(() -> pushes.size() >= before + more || running.stream().anyMatch(Future::isDone));
    }

    /** Fails if a push was answered as it should not be. */
    @Override
    public void close() {
        over.set(true);
        threads.close();
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a push failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
