package io.longline.room.transport.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.unix.FileDescriptor;
import java.nio.channels.SelectableChannel;

/**
 * The input and output of a loop, with a beat of its pulse before each event. Nothing above it would do: what waits for a full
 * socket is sent by the channel itself as soon as there is room.
 */
@SuppressWarnings("try") // closing a handle may throw what it likes, says Netty
final class PulseHandler implements IoHandler {
    private final IoHandler io;
    private final Pulse pulse;

    PulseHandler(IoHandler io, Pulse pulse) {
        this.io = io;
        this.pulse = pulse;
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return switch (handle) {
            case BeatingHandle beating -> io.register(beating);
            case EpollIoHandle epoll -> io.register(new EpollHandle(epoll, pulse));
            case NioIoHandle nio -> io.register(new NioHandle(nio, pulse));
            default -> io.register(handle);
        };
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return io.run(context);
    }

    @Override
    public void prepareToDestroy() {
        io.prepareToDestroy();
    }

    @Override
    public void destroy() {
        io.destroy();
    }

    @Override
    public void wakeup() {
        io.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return io.isCompatible(handleType);
    }

    private static class Handle implements IoHandle {
        private final IoHandle handle;
        private final Pulse pulse;

        Handle(IoHandle handle, Pulse pulse) {
            this.handle = handle;
            this.pulse = pulse;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            pulse.beat();
            if (registration.isValid()) { // that may have closed it
                handle.handle(registration, event);
            }
        }

        @Override
        public void registered() {
            handle.registered();
        }

        @Override
        public void unregistered() {
            handle.unregistered();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }

    private static final class EpollHandle extends Handle implements EpollIoHandle {
        private final EpollIoHandle epoll;

        EpollHandle(EpollIoHandle epoll, Pulse pulse) {
            super(epoll, pulse);
            this.epoll = epoll;
        }

        @Override
        public FileDescriptor fd() {
            return epoll.fd();
        }
    }

    private static final class NioHandle extends Handle implements NioIoHandle {
        private final NioIoHandle nio;

        NioHandle(NioIoHandle nio, Pulse pulse) {
            super(nio, pulse);
            this.nio = nio;
        }

        @Override
        public SelectableChannel selectableChannel() {
            return nio.selectableChannel();
        }
    }
}
