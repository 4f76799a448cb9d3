package io.longline.room.transport.channel;

import io.longline.frames.FrameLimits;
import io.longline.room.transport.Ending;
import io.longline.room.transport.loop.Guest;
import io.longline.room.transport.speech.HttpRefusal;
import io.longline.room.transport.speech.RequestHead;
import io.longline.room.transport.speech.UpgradeAnswer;
import io.longline.room.transport.speech.WebSocketFormats;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP on a room's port: an upgrade to WebSocket at {@code /v1/connect}, everything else is refused. Gone after it. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
final class UpgradeHandler extends ChannelInboundHandlerAdapter implements Guest {
    private static final Logger log = LoggerFactory.getLogger(UpgradeHandler.class);

    private final Seat seat;
    private final FrameLimits limits;
    private UpgradeAnswer.@Nullable Agreed agreed;
    private boolean refused;

    UpgradeHandler(Seat seat) {
        this.seat = seat;
        this.limits = FrameLimits.of(seat.entrance().config().maxFrameBytes());
        seat.pass(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (refused) {
                return;
            }
            if (message instanceof HttpRequest request) {
                judge(ctx, request);
            }
            UpgradeAnswer.Agreed upgrade = agreed;
            if (upgrade != null && message instanceof LastHttpContent) {
                upgrade(ctx, upgrade);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void judge(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            refuse(ctx, HttpRefusal.BAD_REQUEST);
            return;
        }
        RequestHead head = new RequestHead(request.method().name(), request.uri(), request.headers()::getAll);
        switch (UpgradeAnswer.to(head, WebSocketFormats.of(limits))) {
            case UpgradeAnswer.Agreed upgrade -> agreed = upgrade;
            case UpgradeAnswer.Refused no -> refuse(ctx, no.refusal());
        }
    }

    private void upgrade(ChannelHandlerContext ctx, UpgradeAnswer.Agreed upgrade) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(upgrade.response()), ctx.voidPromise());
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addLast(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(limits.maxFrameBytes())
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build()));
        pipeline.addLast(new WebSocket13FrameEncoder(false));
        pipeline.addLast(
                new WebSocketHandler(ChannelLink.open(seat, new MessageFormat(upgrade.format())), upgrade.format()));
        pipeline.remove(this);
        pipeline.remove(HttpRequestDecoder.class); // hands on the bytes it has left
    }

    private void refuse(ChannelHandlerContext ctx, HttpRefusal refusal) {
        log.debug("HTTP refused remote={} refusal={}", ctx.channel().remoteAddress(), refusal);
        refused = true;
        ctx.write(Unpooled.wrappedBuffer(refusal.response()), ctx.voidPromise());
        seat.hangUp();
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
        log.debug("closed before its upgrade: {}", cause.toString());
        ctx.close();
    }
}
