package io.longline.keeper.life;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something each second, on a thread of its own, and once more when it is closed. What fails is tried again by the next. */
public final class EachSecond implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EachSecond.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Runnable task;
    private final Thread thread;

    /** @param name of its thread */
    public EachSecond(String name, Runnable task) {
        this.task = task;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                once();
            }
        } catch (InterruptedException e) {
            log.debug("closed name={}", thread.getName());
        }
    }

    private void once() {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.warn("failed, is tried again name={}", thread.getName(), e);
        }
    }

    /** Waits until it is done for the last time. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
            once();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
