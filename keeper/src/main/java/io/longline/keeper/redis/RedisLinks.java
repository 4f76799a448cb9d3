package io.longline.keeper.redis;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.follow.Followed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The present {@link RedisLink}, made anew by a thread of its own whenever it drops, and those who wait for it. */
final class RedisLinks implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisLinks.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** In case a drop is not told. */
    private static final long LOOK_AGAIN_MS = 500;

    private final RedisConnector connector;
    private final RedisMetrics metrics;
    private final RedisWaitQueue queue;
    /** Of each link made; version 0 is none. */
    private final Followed<String> runIds = new Followed<>("redis", "");

    private final Thread connecting =
            Thread.ofVirtual().name("redis-connecting").unstarted(this::keepConnected);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by the lock, as are the changes of {@link #link}. */
    private boolean closed;

    private volatile @Nullable RedisLink link;

    RedisLinks(RedisConfig config, RedisMetrics metrics) {
        this.connector = new RedisConnector(config, this::lookAgain);
        this.metrics = metrics;
        this.queue = new RedisWaitQueue(config.timeout(), metrics);
    }

    void start() {
        connecting.start();
        try {
            present().join();
        } catch (RuntimeException e) {
            log.warn("Redis is away, starting without it");
        }
    }

    int waiting() {
        return queue.depth();
    }

    boolean connected() {
        return openLink() != null;
    }

    /** The link at once, or as soon as there is one, or {@link ErrorCode#DEPENDENCY_DOWN} after the timeout. */
    CompletableFuture<RedisLink> present() {
        RedisLink open = openLink();
        if (open != null) {
            return CompletableFuture.completedFuture(open);
        }
        lock.lock();
        try {
            open = openLink();
            if (open != null) {
                return CompletableFuture.completedFuture(open);
            }
            return closed ? CompletableFuture.failedFuture(RedisErrors.away()) : queue.join();
        } finally {
            lock.unlock();
        }
    }

    void follow(Consumer<String> listener) {
        AutoCloseable _ = runIds.follow(0, listener);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        runIds.close();
        connecting.interrupt();
        queue.fail(RedisErrors.away());
        connector.close();
    }

    private @Nullable RedisLink openLink() {
        RedisLink now = link;
        return now != null && now.open() ? now : null;
    }

    private void lookAgain() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keepConnected() {
        try {
            while (true) {
                publish(made());
                awaitDrop();
            }
        } catch (InterruptedException e) {
            log.debug("no longer connecting to Redis");
        }
    }

    /** Tries until it works, with growing pauses between. */
    private RedisLink made() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return connector.connect();
            } catch (RuntimeException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (pause.equals(FIRST_PAUSE)) {
                    log.warn("Redis is away, trying until it is back error=\"{}\"", e.getMessage());
                }
            }
            TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos() + 1));
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        }
    }

    private void publish(RedisLink made) throws InterruptedException {
        lock.lock();
        try {
            if (closed) {
                throw new InterruptedException();
            }
            link = made;
        } finally {
            lock.unlock();
        }
        metrics.connected();
        log.info("connected to Redis run_id={} waiting={}", made.runId(), queue.depth());
        queue.release(made);
        runIds.set(made.runId());
    }

    private void awaitDrop() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (connected()) {
                boolean _ = changed.await(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
        log.warn("the connection to Redis dropped run_id={}", runIds.value());
        RedisLink dropped = link;
        if (dropped != null) {
            dropped.close();
        }
    }
}
