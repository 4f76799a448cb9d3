package io.longline.room.transport.channel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The last handler of a link's pipeline: what happens to the channel is told to the link. */
abstract class LinkHandler extends ChannelInboundHandlerAdapter {
    private final ChannelLink link;

    LinkHandler(ChannelLink link) {
        this.link = link;
    }

    final ChannelLink link() {
        return link;
    }

    /** Also where the bytes were no whole frame yet. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        link.seen();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        link.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        link.gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        link.failed(cause);
    }
}
