package io.longline.room.transport.channel;

import io.longline.room.transport.Ending;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.Guest;
import io.longline.room.transport.loop.NettyLoop;
import io.longline.room.transport.speech.FirstWords;
import io.longline.room.transport.speech.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells from its first bytes what a socket speaks, and makes way. Neither of what we speak: closed without a byte. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
final class FirstBytes extends ByteToMessageDecoder implements Guest {
    private static final Logger log = LoggerFactory.getLogger(FirstBytes.class);

    private final Seat seat;

    FirstBytes(Channel channel, NettyLoop loop, Entrance entrance) {
        seat = new Seat(channel, loop, entrance, this);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (FirstWords.of(in.nioBuffer())) {
            case OPEN -> {}
            case NATIVE -> {
                in.skipBytes(2);
                become(ctx, new NativeHandler(ChannelLink.open(seat, NativeFormat.INSTANCE)));
            }
            case HTTP -> {
                ctx.pipeline()
                        .addLast(new HttpRequestDecoder(new HttpDecoderConfig()
                                .setMaxInitialLineLength(RequestHead.MAX_LINE_BYTES)
                                .setMaxHeaderSize(RequestHead.MAX_HEADER_BYTES)));
                become(ctx, new UpgradeHandler(seat));
            }
            case NEITHER -> {
                log.debug(
                        "closed after its first bytes remote={}", ctx.channel().remoteAddress());
                seat.entrance().metrics().refusedFirstBytes();
                in.skipBytes(in.readableBytes());
                ctx.close();
            }
        }
    }

    /** The bytes that are left go to the next handler when this one is removed. */
    private void become(ChannelHandlerContext ctx, ChannelHandler next) {
        ctx.pipeline().addLast(next);
        ctx.pipeline().remove(this);
    }

    @Override
    public void silent() {
        seat.channel().close();
    }

    @Override
    public void leave(Ending why) {
        seat.channel().close();
    }

    @Override
    public void abandon() {
        seat.channel().close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("closed before it said what it speaks: {}", cause.toString());
        ctx.close();
    }
}
