package io.longline.room.transport.lean;

import io.longline.room.transport.loop.BeatingHandle;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connected socket on its event loop: bytes in and out. What is written waits in buffers that there are only as long as something
 * is in them; what the socket does not take stays there until the loop says that there is room.
 *
 * <p>The descriptor is an object of its own, although this could be one: {@code isOpen} means something else for a link, and
 * descriptors are equal when their numbers are.
 */
abstract class LeanSocket implements BeatingHandle {
    private static final Logger log = LoggerFactory.getLogger(LeanSocket.class);

    /** With more than that waiting it is slow, until there is less than the lower mark. */
    static final int HIGH_WATER = 32 * 1024;

    static final int LOW_WATER = 16 * 1024;

    private static final EpollIoOps BOTH = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);
    private static final EpollIoOps NEITHER =
            EpollIoOps.EPOLLERR; // of no operation at all it would not hear that it was reset
    private static final int USUAL = BOTH.with(EpollIoOps.EPOLLRDHUP).value();

    private final LeanLoop home;
    private final Socket socket;
    private @Nullable IoRegistration registration;
    private EpollIoOps asked = EpollIoOps.NONE;
    private @Nullable Unsent unsent;
    private boolean full;
    private boolean slow;
    private boolean flushDue;
    private boolean finishing;
    private boolean closed;

    LeanSocket(LeanLoop home, Socket socket) {
        this.home = home;
        this.socket = socket;
    }

    final LeanLoop home() {
        return home;
    }

    // ---- what it tells ----

    /** Whether bytes are to be read. Whoever changes the answer calls {@link #updateInterest}. */
    abstract boolean reads();

    /** Bytes have come; the buffer is the loop's. */
    abstract void arrived(ByteBuffer in);

    /** It was slow and takes things again; told from within whatever sends. */
    abstract void tookAgain();

    /** It is closed, by whomever; told once, before anybody else may get its number. */
    abstract void left();

    /** The other side has closed or broken it, and it is closed now. */
    abstract void lost();

    /** Something of ours went wrong in the midst of it. */
    abstract void failed(Throwable cause);

    // ---- the loop ----

    final void register() {
        registration = home.register(this);
        updateInterest();
    }

    @Override
    public final FileDescriptor fd() {
        return socket;
    }

    /** Nothing is thrown: Netty would pause the whole loop for a second. */
    @Override
    public final void handle(IoRegistration known, IoEvent event) {
        try {
            home.loop().pulse().beat();
            if (!closed) {
                serve(((EpollIoEvent) event).ops().value());
            }
        } catch (IOException | NotYetConnectedException e) { // the latter is ENOTCONN: it was reset
            log.debug("link broken remote={} cause={}", this, e.toString());
            breakOff();
        } catch (Throwable e) {
            giveUp(e);
        }
    }

    private void serve(int ops) throws IOException {
        if (full && (ops & EpollIoOps.EPOLLOUT.value()) != 0) {
            full = false;
            send();
        }
        if (closed || ops == EpollIoOps.EPOLLOUT.value()) {
            return;
        }
        if (reads()) {
            read(); // tells also of an error; an event may be meant for who had the number before
        } else if ((ops & ~USUAL) != 0) {
            breakOff();
        }
    }

    /** Once a wake-up: if there is more, the loop says so again, after the others had their turn. */
    private void read() throws IOException {
        ByteBuffer in = home.in();
        int length = socket.read(in, 0, in.capacity());
        if (length < 0) {
            breakOff();
        } else if (length > 0) {
            arrived(in.limit(length));
        }
    }

    final void updateInterest() {
        if (closed || registration == null) {
            return;
        }
        EpollIoOps wanted = full ? (reads() ? BOTH : EpollIoOps.EPOLLOUT) : reads() ? EpollIoOps.EPOLLIN : NEITHER;
        if (!wanted.equals(asked)) {
            asked = wanted;
            registration.submit(wanted);
        }
    }

    // ---- what goes out ----

    /** Where to write; it leaves with the next {@link #send}. Not to be asked for when it is closed. */
    final ByteBuf out() {
        return toSend().own();
    }

    /** Appends bytes that others are sent too; likewise. */
    final void append(ByteBuf shared) {
        if (unsent != null && shared.readableBytes() >= Unsent.LARGE_BYTES) {
            send();
        }
        if (!closed) {
            toSend().append(shared);
        }
    }

    private Unsent toSend() {
        Unsent known = unsent;
        if (known == null) {
            known = new Unsent();
            unsent = known;
        }
        return known;
    }

    /** Something was written; if that is much, it does not wait for the flush: only what the socket does not take counts against it. */
    final void wrote() {
        if (waiting() > HIGH_WATER) {
            send();
            updateSlow();
        }
    }

    private int waiting() {
        return unsent == null ? 0 : unsent.size();
    }

    /** Whether more waits than should. */
    final boolean isSlow() {
        return slow;
    }

    /** What was written leaves at the end of the loop's present work. */
    final void sendLater() {
        if (!flushDue && !closed) {
            flushDue = true;
            home.flushLater(this);
        }
    }

    /** As {@link #send}; what goes wrong harms no other. */
    final void flushNow() {
        flushDue = false;
        try {
            send();
        } catch (Throwable e) {
            giveUp(e);
        }
    }

    /**
     * Sends what waits, in one call, unless the socket is known to be full. If it turns out to be broken it is closed at once, but
     * that is told later: who calls is in the midst of something.
     */
    final void send() {
        if (closed || full) {
            return;
        }
        home.loop().pulse().beat(); // which may close it
        try {
            if (!closed && unsent != null) {
                full = !unsent.sendTo(socket);
                unsent = full ? unsent : null;
            }
            if (!closed && finishing && unsent == null) {
                socket.shutdown(false, true);
            }
            updateSlow();
        } catch (IOException | NotYetConnectedException e) { // the latter is ENOTCONN: it was reset
            log.debug("link broken remote={} cause={}", this, e.toString());
            close();
            home.loop().execute(this::lost);
        }
    }

    private void updateSlow() {
        boolean was = slow;
        slow = !closed && waiting() > (was ? LOW_WATER - 1 : HIGH_WATER);
        updateInterest();
        if (was && !slow && !closed) {
            tookAgain();
        }
    }

    /** Sends what waits, then the end of the stream; what the other side still says is read. */
    final void finish() {
        finishing = true;
        send();
        updateInterest();
    }

    // ---- the end ----

    final boolean isClosed() {
        return closed;
    }

    /** The number is given back, and what was not sent is thrown away. */
    @Override
    public final void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
        try {
            if (registration != null) {
                registration.cancel();
            }
        } finally {
            closeNumber();
            left();
        }
    }

    private void closeNumber() {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("a socket did not close well: {}", e.toString());
        }
    }

    private void breakOff() {
        close();
        lost();
    }

    private void giveUp(Throwable cause) {
        try {
            failed(cause);
        } catch (Throwable second) {
            log.error("link failed again while it was ended", second);
            close();
        }
    }

    /** The other side's address, asked of the system; only while it is open is the number its own. */
    @Override
    public String toString() {
        return closed ? "closed" : String.valueOf(socket.remoteAddress());
    }
}
