package io.longline.room.transport.channel;

import io.longline.frames.DecodeResult;
import io.longline.room.transport.speech.WebSocketFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Reads frames out of WebSocket messages, whose fragments it joins. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
final class WebSocketHandler extends LinkHandler {
    private final WebSocketFormat format;
    private final int maxFrameBytes;
    private @Nullable ByteBuf fragments;

    WebSocketHandler(ChannelLink link, WebSocketFormat format) {
        super(link);
        this.format = format;
        this.maxFrameBytes = link.frameLimits().maxFrameBytes();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (link().isOpen() && message instanceof WebSocketFrame frame) {
                take(ctx, frame);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(ChannelHandlerContext ctx, WebSocketFrame frame) {
        switch (frame) {
            case PingWebSocketFrame ping -> {
                if (link().pinged()) {
                    ctx.write(new PongWebSocketFrame(ping.content().retain()), ctx.voidPromise());
                    link().flush();
                }
            }
            case PongWebSocketFrame _ -> {}
            case CloseWebSocketFrame close -> {
                ctx.write(new CloseWebSocketFrame(true, 0, close.content().retain()), ctx.voidPromise());
                link().hangUp(0);
            }
            case ContinuationWebSocketFrame more -> join(more);
            default -> begin(frame);
        }
    }

    private void begin(WebSocketFrame first) {
        if (first instanceof TextWebSocketFrame != format.isText()) {
            link().received(format.wrongKind());
        } else if (first.isFinalFragment()) {
            link().received(format.decode(first.content().nioBuffer()));
        } else {
            fragments = Unpooled.buffer(first.content().readableBytes()).writeBytes(first.content());
        }
    }

    /** The decoder before us sees to it that fragments come in their order. */
    private void join(ContinuationWebSocketFrame more) {
        ByteBuf joined = fragments;
        if (joined == null) {
            return; // of a message that was refused
        }
        long size = (long) joined.readableBytes() + more.content().readableBytes();
        if (size > maxFrameBytes) {
            fragments = null;
            link().received(new DecodeResult.TooLarge<>(size, maxFrameBytes));
            return;
        }
        joined.writeBytes(more.content());
        if (more.isFinalFragment()) {
            fragments = null;
            link().received(format.decode(joined.nioBuffer()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            boolean tooLarge = corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG);
            link().received(
                            tooLarge
                                    ? new DecodeResult.TooLarge<>(maxFrameBytes + 1L, maxFrameBytes)
                                    : WebSocketFormat.noFrame());
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }
}
