package io.longline.room.transport.channel;

import io.longline.frames.Preamble;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells from its first bytes what a socket speaks, and makes way. Neither of what we speak: closed without a byte. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
final class FirstBytes extends ByteToMessageDecoder implements Guest {
    private static final Logger log = LoggerFactory.getLogger(FirstBytes.class);

    private static final int MAX_REQUEST_LINE = 8 * 1024; // a token may stand in it
    private static final int MAX_HEADERS = 16 * 1024;
    private static final List<byte[]> HTTP_METHODS = List.of(
            ascii("GET "),
            ascii("POST "),
            ascii("PUT "),
            ascii("HEAD "),
            ascii("PATCH "),
            ascii("DELETE "),
            ascii("OPTIONS "));

    private enum Speech {
        NATIVE,
        HTTP,
        NEITHER,
        /** Too few bytes to tell. */
        OPEN
    }

    private final Seat seat;

    FirstBytes(Channel channel, NettyLoop loop, Entrance entrance) {
        seat = new Seat(channel, loop, entrance, this);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (speech(in)) {
            case OPEN -> {}
            case NATIVE -> {
                in.skipBytes(2);
                become(ctx, new NativeHandler(ChannelLink.open(seat, NativeFormat.INSTANCE)));
            }
            case HTTP -> {
                ctx.pipeline()
                        .addLast(new HttpRequestDecoder(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                                .setMaxHeaderSize(MAX_HEADERS)));
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

    private static Speech speech(ByteBuf in) {
        if (in.getByte(in.readerIndex()) == Preamble.MAGIC) {
            if (in.readableBytes() < 2) {
                return Speech.OPEN;
            }
            return in.getByte(in.readerIndex() + 1) == Preamble.VERSION ? Speech.NATIVE : Speech.NEITHER;
        }
        for (byte[] method : HTTP_METHODS) {
            int common = Math.min(method.length, in.readableBytes());
            if (startsWith(in, method, common)) {
                return common == method.length ? Speech.HTTP : Speech.OPEN;
            }
        }
        return Speech.NEITHER;
    }

    private static boolean startsWith(ByteBuf in, byte[] expected, int length) {
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void silent() {
        seat.channel().close();
    }

    @Override
    public void leave() {
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
