package io.longline.room.transport.channel;

import io.longline.room.transport.loop.Pulse;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/** The last that is passed on the way out: a beat of the loop's pulse before bytes leave. */
final class FlushHandler extends ChannelOutboundHandlerAdapter {
    private final Pulse pulse;

    FlushHandler(Pulse pulse) {
        this.pulse = pulse;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        pulse.beat();
        ctx.flush();
    }
}
