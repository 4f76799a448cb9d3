package io.longline.room.transport.channel;

import io.longline.frames.CloseCode;
import io.longline.frames.DecodeResult;
import io.longline.frames.FrameLimits;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.Loop;
import io.longline.room.transport.SharedFrame;
import io.longline.room.transport.loop.Guest;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link on a Netty channel. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
final class ChannelLink implements Link, Guest {
    private static final Logger log = LoggerFactory.getLogger(ChannelLink.class);

    private final Seat seat;
    private final Channel channel;
    private final FrameFormat format;
    private final LinkListener listener;
    private boolean open = true;
    private boolean greeted;
    private boolean wantsFrames = true;
    private boolean flushDue;
    private boolean writableDue;

    private ChannelLink(Seat seat, FrameFormat format, boolean welcome) {
        this.seat = seat;
        this.channel = seat.channel();
        this.format = format;
        this.listener = welcome ? seat.entrance().reception().apply(this) : LinkListener.DEAF;
    }

    /** The socket of this seat speaks our protocol from here on. */
    static ChannelLink open(Seat seat, FrameFormat format) {
        Ending refusal = seat.entrance().refusal();
        ChannelLink link = new ChannelLink(seat, format, refusal == null);
        seat.pass(link);
        seat.entrance().metrics().linkOpened();
        if (refusal != null) {
            link.close(refusal);
        }
        return link;
    }

    @Override
    public Loop loop() {
        return seat.loop();
    }

    @Override
    public void write(ServerFrame frame) {
        if (open) {
            wrote(format.encode(frame, channel.alloc()));
        }
    }

    @Override
    public void write(SharedFrame frame) {
        if (open) {
            wrote(format.framed(frame.bytes(format).retainedDuplicate()));
        }
    }

    private void wrote(Object message) {
        channel.write(message, channel.voidPromise());
        if (!channel.isWritable()) {
            channel.flush(); // much at once: only what the socket does not take counts against the client
        }
    }

    @Override
    public void flush() {
        if (open && !flushDue) {
            flushDue = true;
            loop().execute(() -> {
                flushDue = false;
                channel.flush();
            });
        }
    }

    @Override
    public boolean writable() {
        return open && channel.isWritable();
    }

    @Override
    public void readable(boolean read) {
        if (read && !wantsFrames) {
            seen(); // what it said meanwhile is read from now on
        }
        wantsFrames = read;
        updateReading();
    }

    @Override
    public void allowSilence(Duration time) {
        if (open) {
            greeted = true;
            seat.allowSilence((int) Math.min(Integer.MAX_VALUE, time.toMillis()));
        }
    }

    @Override
    public void close(Ending ending) {
        if (!open) {
            return;
        }
        log.debug("link closed code={} reason={} remote={}", ending.code(), ending.reason(), remote());
        write(ending.frame());
        Object farewell = format.farewell(ending);
        if (farewell != null) {
            channel.write(farewell, channel.voidPromise());
        }
        hangUp(ending.code());
    }

    /** Ends the link without a word of ours. */
    void hangUp(int code) {
        seat.hangUp();
        if (open) { // otherwise sending found that the process was stopped for long
            ended(code);
        }
    }

    private void ended(int code) {
        open = false;
        seat.entrance().metrics().linkClosed(code);
        listener.closed(code);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String remote() {
        return String.valueOf(channel.remoteAddress());
    }

    FrameLimits frameLimits() {
        return FrameLimits.of(seat.entrance().config().maxFrameBytes());
    }

    // ---- what its handler tells ----

    void received(DecodeResult<ClientFrame> result) {
        if (open) {
            listener.received(result);
        }
    }

    /** Whether a ping of WebSocket's is to be answered. */
    boolean pinged() {
        return open && listener.pinged();
    }

    /** Bytes have come. Before the link is greeted they buy no time: hello must come, not something. */
    void seen() {
        if (open && greeted) {
            seat.seen();
        }
    }

    /** Told to the listener from the loop, not from within a write of its own. */
    void writabilityChanged() {
        updateReading();
        if (channel.isWritable() && !writableDue) {
            writableDue = true;
            loop().execute(() -> {
                writableDue = false;
                if (writable()) {
                    listener.writable();
                }
            });
        }
    }

    /** Who does not take what we write is not read from either, so that answers cannot pile up. */
    private void updateReading() {
        channel.config().setAutoRead(!open || (wantsFrames && channel.isWritable()));
    }

    void gone() {
        if (open) {
            log.debug("link closed by the client remote={}", remote());
            ended(0);
        }
    }

    void failed(Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("link broken remote={} cause={}", remote(), cause.toString());
            channel.close();
        } else if (open) {
            log.error("link failed remote={}", remote(), cause);
            close(Ending.of(CloseCode.GOING_AWAY));
        } else {
            channel.close();
        }
    }

    @Override
    public void silent() {
        if (open && !wantsFrames && channel.isWritable()) {
            return; // it may have said much: it is us who do not read
        }
        if (open) {
            listener.silent();
        } else {
            channel.close();
        }
    }

    @Override
    public void leave(Ending why) {
        close(why);
    }

    @Override
    public void abandon() {
        if (open) {
            ended(CloseCode.GOING_AWAY.number());
        }
        channel.close(); // what was written and is still here goes with it
    }
}
