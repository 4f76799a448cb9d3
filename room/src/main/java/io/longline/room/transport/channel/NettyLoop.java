package io.longline.room.transport.channel;

import io.longline.room.heartbeat.Heartbeat;
import io.longline.room.transport.Loop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop of Netty's, with the guests that are on it. */
final class NettyLoop implements Loop {
    private static final Logger log = LoggerFactory.getLogger(NettyLoop.class);

    private final int index;
    private final EventLoop eventLoop;
    private final Heartbeat<Guest> guests = new Heartbeat<>(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));

    NettyLoop(int index, EventLoop eventLoop) {
        this.index = index;
        this.eventLoop = eventLoop;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public void later(Duration delay, Runnable task) {
        Future<?> _ = eventLoop.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void every(Duration period, Runnable task) {
        Future<?> _ = eventLoop.scheduleAtFixedRate(
                guarded(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A task that throws would otherwise never run again, and nobody would know. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.error("a task of an event loop failed", e);
            }
        };
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /** Everybody who is connected to this loop. */
    Heartbeat<Guest> guests() {
        return guests;
    }
}
