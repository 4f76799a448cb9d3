package io.longline.room.transport.channel;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/** The place of one connected socket among the guests of its loop. It is left when the socket closes. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
record Seat(Channel channel, NettyLoop loop, int number, Entrance entrance) {

    /** Takes a seat for a socket that was just accepted; the time for {@code hello} begins. */
    static Seat take(Channel channel, NettyLoop loop, Entrance entrance, Guest guest) {
        int number = loop.guests().add(guest, entrance.helloTimeoutMs());
        channel.closeFuture().addListener(_ -> loop.guests().remove(number));
        return new Seat(channel, loop, number, entrance);
    }

    void pass(Guest guest) {
        loop.guests().replace(number, guest);
    }

    void seen() {
        loop.guests().seen(number);
    }

    void allowSilence(int ms) {
        loop.guests().allow(number, ms);
    }

    /**
     * Sends what was written, then the end of the stream, and goes on reading until the client has closed too or was {@code
     * silent} for the time to linger. A socket closed with bytes unread would be reset, and what was written lost.
     */
    void hangUp() {
        allowSilence(entrance.lingerMs());
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            if (channel.isActive()) {
                ((DuplexChannel) channel).shutdownOutput();
            }
        });
    }
}
