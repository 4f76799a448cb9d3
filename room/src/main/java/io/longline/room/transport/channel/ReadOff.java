package io.longline.room.transport.channel;

import io.longline.room.transport.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Throws away what still comes from a client whose link is closed; one that does not stop for being told so is cut off. */
final class ReadOff extends ChannelInboundHandlerAdapter {
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        bytes += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (bytes > Ending.MOST_READ_OFF) {
            var _ = ctx.close();
        }
    }
}
