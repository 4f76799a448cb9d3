package io.longline.room.transport.loop;

import io.longline.room.heartbeat.Heartbeat;
import io.longline.room.transport.Loop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** The event loops of a room: epoll where there is, otherwise what Java offers. Their threads run from {@link #start} on. */
public final class EventLoops implements AutoCloseable {
    private static final long SWEEP_MS = 1_000 / Heartbeat.SLICES;
    private static final long CLOSE_SECONDS = 5;

    private final EventLoopGroup group;
    private final List<NettyLoop> loops = new ArrayList<>();

    /**
     * What a stop of the process is, and whom it concerns. After one that was longer, each loop ends its links without a byte, before
     * it does anything else.
     *
     * @param nanos a clock that goes on while the process is stopped
     * @param told on each loop when its links are gone, with the time when it was last awake
     */
    public record Stops(LongSupplier nanos, Duration longest, LongConsumer told) {}

    /**
     * Makes so many loops.
     *
     * @param count 0: as many as there are processors
     */
    public EventLoops(int count, Stops stops) {
        int threads = count > 0 ? count : Runtime.getRuntime().availableProcessors();
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        List<Pulse> pulses = new ArrayList<>(); // in the order in which the group makes its loops
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("room-loop"), executor -> {
            Pulse pulse = new Pulse(stops.nanos, stops.longest.toNanos());
            pulses.add(pulse);
            return new PulseHandler(io.newHandler(executor), pulse);
        });
        for (EventExecutor executor : group) {
            int index = loops.size();
            loops.add(new NettyLoop(index, (EventLoop) executor, pulses.get(index), stops.told));
        }
    }

    /** Begins to sweep the heartbeats. */
    public void start() {
        loops.forEach(loop -> loop.every(Duration.ofMillis(SWEEP_MS), loop.guests()::sweep));
    }

    /** In the order of their index. */
    public List<Loop> all() {
        return List.copyOf(loops);
    }

    public List<NettyLoop> nettyLoops() {
        return loops;
    }

    public NettyLoop of(EventLoop eventLoop) {
        for (NettyLoop loop : loops) {
            if (loop.eventLoop().equals(eventLoop)) {
                return loop;
            }
        }
        throw new IllegalStateException("not a loop of this room: " + eventLoop);
    }

    public EventLoopGroup group() {
        return group;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
