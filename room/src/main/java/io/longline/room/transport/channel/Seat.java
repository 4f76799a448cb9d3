package io.longline.room.transport.channel;

import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.Guest;
import io.longline.room.transport.loop.NettyLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/**
 * The place of one connected socket among the guests of its loop. It is left when the socket closes, and from then on nothing
 * here has an effect: the place may be another's.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
final class Seat {
    private static final int LEFT = -1;

    private final Channel channel;
    private final NettyLoop loop;
    private final Entrance entrance;
    private int number;

    /** Takes a seat for a socket that was just accepted; the time for {@code hello} begins. */
    Seat(Channel channel, NettyLoop loop, Entrance entrance, Guest guest) {
        this.channel = channel;
        this.loop = loop;
        this.entrance = entrance;
        this.number = loop.guests().add(guest, entrance.helloTimeoutMs());
        channel.closeFuture().addListener(_ -> leave());
    }

    private void leave() {
        loop.guests().remove(number);
        number = LEFT;
    }

    /** Somebody else answers for the socket now. */
    void pass(Guest guest) {
        if (number != LEFT) {
            loop.guests().replace(number, guest);
        }
    }

    void seen() {
        if (number != LEFT) {
            loop.guests().seen(number);
        }
    }

    void allowSilence(int ms) {
        if (number != LEFT) {
            loop.guests().allow(number, ms);
        }
    }

    Channel channel() {
        return channel;
    }

    NettyLoop loop() {
        return loop;
    }

    Entrance entrance() {
        return entrance;
    }

    /**
     * Sends what was written, then the end of the stream, and goes on reading until the client has closed too or was {@code
     * silent} for the time to linger. A socket closed with bytes unread would be reset, and what was written lost.
     */
    void hangUp() {
        allowSilence(entrance.lingerMs());
        channel.pipeline().addFirst(new ReadOff());
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            if (channel.isActive()) {
                ((DuplexChannel) channel).shutdownOutput();
            }
        });
    }
}
