package io.longline.room.transport.loop;

import io.longline.room.heartbeat.Heartbeat;
import io.longline.room.transport.Loop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop of Netty's, with the guests that are on it. */
public final class NettyLoop implements Loop {
    private static final Logger log = LoggerFactory.getLogger(NettyLoop.class);

    private final int index;
    private final EventLoop eventLoop;
    private final Pulse pulse;
    private final Heartbeat<Guest> guests;
    private final List<Runnable> afterStop = new ArrayList<>();

    /** @param stopped told after this loop was stopped for long, when its guests are gone */
    public NettyLoop(int index, EventLoop eventLoop, Pulse pulse, LongConsumer stopped) {
        this.index = index;
        this.eventLoop = eventLoop;
        this.pulse = pulse;
        this.guests = new Heartbeat<>(pulse::awakeMs);
        pulse.onStopped(since -> {
            guests.forEach(Guest::abandon);
            afterStop.forEach(Runnable::run);
            stopped.accept(since);
        });
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(() -> {
            pulse.beat();
            task.run();
        });
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
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                pulse.beat();
                task.run();
            } catch (RuntimeException e) {
                log.error("a task of an event loop failed", e);
            }
        };
    }

    /** To be done after each long stop, when the guests are gone and before anything else. Called on this loop; must not throw. */
    public void afterStop(Runnable task) {
        afterStop.add(task);
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    public Pulse pulse() {
        return pulse;
    }

    /** Everybody who is connected to this loop. */
    public Heartbeat<Guest> guests() {
        return guests;
    }
}
