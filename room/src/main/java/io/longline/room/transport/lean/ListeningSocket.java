package io.longline.room.transport.lean;

import io.longline.room.transport.door.Door;
import io.longline.room.transport.door.Pass;
import io.longline.room.transport.loop.Backlog;
import io.longline.room.transport.loop.BeatingHandle;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket on one of the loops. */
final class ListeningSocket implements BeatingHandle {
    private static final Logger log = LoggerFactory.getLogger(ListeningSocket.class);

    private static final int AT_A_TIME = 32; // so that reads keep their turn
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Socket socket;
    private final List<LeanLoop> homes;
    private final LeanLoop own;
    private final byte[] address = Backlog.address();
    private @Nullable IoRegistration registration;
    private int next;
    private boolean paused;

    /** @param own which of the loops it is on */
    ListeningSocket(Socket socket, List<LeanLoop> homes, int own) {
        this.socket = socket;
        this.homes = homes;
        this.own = homes.get(own);
        this.next = own;
    }

    /** Called from outside of the loop. */
    void open() throws IOException {
        try {
            registration = own.loop().call(() -> {
                IoRegistration registered = own.register(this);
                registered.submit(EpollIoOps.EPOLLIN);
                own.loop()
                        .afterStop(() -> Backlog.turnAway(socket, own.entrance().door()));
                return registered;
            });
        } catch (RuntimeException e) {
            throw new IOException(e);
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration known, IoEvent event) {
        try {
            own.loop().pulse().beat();
            accept();
            paused = false;
        } catch (Throwable e) { // out of files, say: what waits is there again after a pause
            pause(known, e);
        }
    }

    private void accept() throws IOException {
        for (int i = 0; i < AT_A_TIME && socket.isOpen(); i++) {
            int number = Backlog.next(socket, address);
            if (number < 0) {
                return;
            }
            Socket accepted = new Socket(number);
            try {
                admit(accepted);
            } catch (RuntimeException e) {
                accepted.close();
                throw e;
            }
        }
    }

    private void admit(Socket accepted) throws IOException {
        Door door = own.entrance().door();
        Pass pass = door.admit(door.asksForAddress() ? from() : null);
        if (pass == null) {
            accepted.close();
            return;
        }
        LeanLoop home = homes.get(next);
        next = (next + 1) % homes.size();
        if (home.equals(own)) {
            home.arrived(accepted, pass);
            return;
        }
        try {
            home.loop().execute(() -> home.arrived(accepted, pass));
        } catch (RejectedExecutionException e) { // the loops end
            door.left(pass);
            accepted.close();
        }
    }

    /** Of the socket that was accepted last: the length of its address and port, then these. */
    private InetAddress from() {
        return NativeInetAddress.address(address, 1, address[0]).getAddress();
    }

    private void pause(IoRegistration known, Throwable cause) {
        if (!paused) {
            log.warn("cannot take in who connects, tries again every {}", PAUSE, cause);
        }
        paused = true;
        try {
            known.submit(EpollIoOps.EPOLLERR);
            own.loop().later(PAUSE, () -> {
                if (known.isValid()) {
                    known.submit(EpollIoOps.EPOLLIN);
                }
            });
        } catch (RuntimeException e) {
            log.error("a port takes in nobody any more", e);
        }
    }

    /** Called from outside of the loop. */
    void shut() {
        boolean _ = own.loop().call(() -> {
            close();
            return true;
        });
    }

    @Override
    public void close() {
        try {
            if (registration != null && registration.isValid()) {
                registration.cancel();
            }
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
