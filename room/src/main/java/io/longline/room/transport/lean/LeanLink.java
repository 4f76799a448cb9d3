package io.longline.room.transport.lean;

import static java.util.Objects.requireNonNull;

import io.longline.frames.CloseCode;
import io.longline.frames.DecodeResult;
import io.longline.room.RoomMetrics;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.Loop;
import io.longline.room.transport.SharedFrame;
import io.longline.room.transport.door.Pass;
import io.longline.room.transport.loop.Guest;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link without a channel. It is there from the first byte on, and has a listener as soon as a protocol of ours is spoken. */
final class LeanLink extends LeanSocket implements Link, Guest {
    private static final Logger log = LoggerFactory.getLogger(LeanLink.class);

    private final Pass pass;
    private final int seat;
    private Speech speech;
    private @Nullable LinkListener listener;
    private @Nullable Bytes beginning;
    private @Nullable Bytes fragments;
    private boolean open;
    private boolean lingering;
    private boolean greeted;
    private boolean wantsFrames = true;
    private boolean writableDue;
    private int readOff;

    /** Takes a seat among the guests of the loop, on which this is called; the time for {@code hello} begins. */
    @SuppressWarnings("this-escape") // nobody asks a guest anything before the loop goes on
    LeanLink(LeanLoop home, Socket socket, Pass pass, Speech speech) {
        super(home, socket);
        this.pass = pass;
        this.speech = speech;
        this.seat = home.loop().guests().add(this, home.entrance().helloTimeoutMs());
    }

    // ---- what is spoken ----

    /** Something else is spoken from here on. */
    void speak(Speech other) {
        speech = other;
    }

    /** A protocol of ours is spoken from here on. */
    void open(Speech frames) {
        Ending refusal = home().entrance().refusal();
        speech = frames;
        listener = refusal == null ? home().entrance().reception().apply(this) : LinkListener.DEAF;
        open = true;
        metrics().linkOpened();
        if (refusal != null) {
            close(refusal);
        }
    }

    RoomMetrics metrics() {
        return home().entrance().metrics();
    }

    /** What came of a message that is not complete; null between messages. */
    @Nullable
    Bytes fragments() {
        return fragments;
    }

    void fragments(@Nullable Bytes joined) {
        fragments = joined;
    }

    void received(DecodeResult<ClientFrame> result) {
        if (open) {
            requireNonNull(listener).received(result);
        }
        if (open && result instanceof DecodeResult.Refused<ClientFrame> refused) {
            close(Ending.of(refused.closeCode(), refused.problem())); // nobody knows where the next frame begins
        }
    }

    /** Whether a ping of WebSocket's is to be answered. */
    boolean pinged() {
        return open && requireNonNull(listener).pinged();
    }

    @Override
    void arrived(ByteBuffer fresh) {
        if (lingering) {
            readOff += fresh.remaining();
            if (readOff > Ending.MOST_READ_OFF) {
                close(); // it does not stop for being told so
            }
            return;
        }
        Bytes before = beginning;
        int looked = before == null ? 0 : before.size();
        if (before != null) {
            before.add(fresh);
        }
        ByteBuffer in = before == null ? fresh : before.all();
        Speech spoken;
        do {
            spoken = speech;
            spoken.read(this, in, looked);
        } while (!spoken.equals(speech) && in.hasRemaining() && goesOn());
        if (goesOn()) {
            keep(before, in);
            seen();
        }
    }

    private boolean goesOn() {
        return !lingering && !isClosed();
    }

    private void keep(@Nullable Bytes before, ByteBuffer in) {
        if (!in.hasRemaining()) {
            beginning = null;
        } else if (before == null || in.position() > 0) {
            beginning = new Bytes();
            beginning.add(in);
        }
    }

    /** Bytes have come. Before the link is greeted they buy no time: hello must come, not something. */
    private void seen() {
        if (greeted && !isClosed()) { // the seat may be another's
            home().loop().guests().seen(seat);
        }
    }

    // ---- Link ----

    @Override
    public Loop loop() {
        return home().loop();
    }

    @Override
    public void write(ServerFrame frame) {
        if (open && !isClosed()) {
            speech.encode(frame, out());
            wrote();
        }
    }

    @Override
    public void write(SharedFrame frame) {
        if (open && !isClosed()) {
            append(frame.bytes(speech));
            wrote();
        }
    }

    @Override
    public void flush() {
        if (open) {
            sendLater();
        }
    }

    @Override
    public boolean writable() {
        return open && !isSlow();
    }

    @Override
    public void readable(boolean read) {
        if (read && !wantsFrames && open) {
            seen(); // what it said meanwhile is read from now on
        }
        wantsFrames = read;
        updateInterest();
    }

    @Override
    public void allowSilence(Duration time) {
        if (open && !isClosed()) {
            greeted = true;
            home().loop().guests().allow(seat, (int) Math.min(Integer.MAX_VALUE, time.toMillis()));
        }
    }

    @Override
    public void close(Ending ending) {
        if (!open) {
            return;
        }
        if (log.isDebugEnabled()) {
            log.debug("link closed code={} reason={} remote={}", ending.code(), ending.reason(), remote());
        }
        write(ending.frame());
        if (!isClosed()) {
            speech.farewell(ending, out());
        }
        hangUp(ending.code());
    }

    /** Ends the link without a word more. */
    void hangUp(int code) {
        linger();
        if (open) { // otherwise sending found that the process was stopped for long
            ended(code);
        }
    }

    /**
     * Sends what was written, then the end of the stream, and goes on reading until the client has closed too or was {@code
     * silent} for the time to linger. A socket closed with bytes unread would be reset, and what was written lost.
     */
    void linger() {
        if (!isClosed()) {
            lingering = true;
            home().loop().guests().allow(seat, home().entrance().lingerMs());
            finish();
        }
    }

    private void ended(int code) {
        open = false;
        beginning = null;
        fragments = null;
        metrics().linkClosed(code);
        requireNonNull(listener).closed(code);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String remote() {
        return toString();
    }

    // ---- what its socket tells ----

    @Override
    boolean reads() {
        return lingering || !open || (wantsFrames && !isSlow());
    }

    @Override
    void tookAgain() {
        if (!writableDue) {
            writableDue = true;
            home().loop().execute(() -> {
                writableDue = false;
                if (writable()) {
                    requireNonNull(listener).writable();
                }
            });
        }
    }

    @Override
    void left() {
        beginning = null;
        fragments = null;
        home().loop().guests().remove(seat);
        home().entrance().door().left(pass);
    }

    @Override
    void lost() {
        if (open) {
            log.debug("link closed by the client");
            ended(0);
        }
    }

    @Override
    void failed(Throwable cause) {
        if (open) {
            log.error("link failed remote={}", remote(), cause);
            close(Ending.of(CloseCode.GOING_AWAY));
        } else {
            log.debug("closed before it was a link, or after: {}", cause.toString());
            close();
        }
    }

    // ---- Guest ----

    @Override
    public void silent() {
        if (open && !wantsFrames && !isSlow()) {
            return; // it may have said much: it is us who do not read
        }
        if (open) {
            requireNonNull(listener).silent();
        } else {
            close();
        }
    }

    @Override
    public void leave(Ending why) {
        if (open) {
            close(why);
        } else if (listener == null) {
            close();
        }
    }

    @Override
    public void abandon() {
        if (open) {
            ended(CloseCode.GOING_AWAY.number());
        }
        close(); // what was written and is still here goes with it
    }
}
