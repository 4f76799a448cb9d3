package io.longline.room.transport.channel;

import io.longline.frames.FrameLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP on a room's port: an upgrade to WebSocket at {@code /v1/connect}, everything else is refused. Gone after it. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the channel, and that is heard of
final class UpgradeHandler extends ChannelInboundHandlerAdapter implements Guest {
    private static final Logger log = LoggerFactory.getLogger(UpgradeHandler.class);

    private static final String PATH = "/v1/connect";
    private static final String VERSION = "13";
    private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3

    private final Seat seat;
    private final FrameLimits limits;
    private @Nullable Upgrade upgrade;
    private boolean refused;

    private record Upgrade(String key, WebSocketFormat format, boolean named) {}

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
            Upgrade agreed = upgrade;
            if (agreed != null && message instanceof LastHttpContent) {
                upgrade(ctx, agreed);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void judge(ChannelHandlerContext ctx, HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isFailure()) {
            refuse(ctx, HttpRefusal.BAD_REQUEST);
        } else if (!path(request).equals(PATH)) {
            refuse(ctx, HttpRefusal.NOT_FOUND);
        } else if (!request.method().equals(HttpMethod.GET)) {
            refuse(ctx, HttpRefusal.METHOD_NOT_ALLOWED);
        } else if (!wantsWebSocket(headers)) {
            refuse(ctx, HttpRefusal.UPGRADE_REQUIRED);
        } else {
            List<String> asked = subprotocols(headers);
            Optional<WebSocketFormat> format = asked.isEmpty()
                    ? Optional.of(WebSocketFormat.json(limits))
                    : asked.stream()
                            .flatMap(name -> WebSocketFormat.of(name, limits).stream())
                            .findFirst();
            format.ifPresentOrElse(
                    found -> upgrade =
                            new Upgrade(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY), found, !asked.isEmpty()),
                    () -> refuse(ctx, HttpRefusal.UNKNOWN_SUBPROTOCOL));
        }
    }

    private static String path(HttpRequest request) {
        int query = request.uri().indexOf('?');
        return query < 0 ? request.uri() : request.uri().substring(0, query);
    }

    private static boolean wantsWebSocket(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION, true)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    }

    private static List<String> subprotocols(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    private void upgrade(ChannelHandlerContext ctx, Upgrade agreed) {
        String response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(agreed.key) + "\r\n"
                + (agreed.named ? "Sec-WebSocket-Protocol: " + agreed.format.subprotocol() + "\r\n" : "")
                + "\r\n";
        ctx.writeAndFlush(Unpooled.copiedBuffer(response, StandardCharsets.US_ASCII), ctx.voidPromise());
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addLast(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(limits.maxFrameBytes())
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build()));
        pipeline.addLast(new WebSocket13FrameEncoder(false));
        pipeline.addLast(new WebSocketHandler(ChannelLink.open(seat, agreed.format), agreed.format));
        pipeline.remove(this);
        pipeline.remove(HttpRequestDecoder.class); // hands on the bytes it has left
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_SALT).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private void refuse(ChannelHandlerContext ctx, HttpRefusal refusal) {
        log.debug("HTTP refused remote={} refusal={}", ctx.channel().remoteAddress(), refusal);
        refused = true;
        ctx.write(refusal.response(), ctx.voidPromise());
        seat.hangUp();
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
        log.debug("closed before its upgrade: {}", cause.toString());
        ctx.close();
    }
}
