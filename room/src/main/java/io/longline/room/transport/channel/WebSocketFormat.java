package io.longline.room.transport.channel;

import io.longline.frames.BinaryFrames;
import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import io.longline.frames.json.JsonFrames;
import io.longline.room.transport.Ending;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** One frame a WebSocket message: protobuf in binary ones, JSON in text ones. */
final class WebSocketFormat implements FrameFormat {
    private static final String BINARY = "longline.v1";
    private static final String JSON = "longline.v1.json";
    private static final int MAX_CLOSE_REASON_BYTES = 123; // RFC 6455, 5.5

    private static final BinaryFrames<ServerFrame> BINARY_OUT =
            new BinaryFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);
    private static final JsonFrames<ServerFrame> JSON_OUT =
            new JsonFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);

    private final String subprotocol;
    private final Class<? extends WebSocketFrame> messages;
    private final Function<ServerFrame, WebSocketFrame> encoder;
    private final Function<ByteBuffer, DecodeResult<ClientFrame>> decoder;

    private WebSocketFormat(
            String subprotocol,
            Class<? extends WebSocketFrame> messages,
            Function<ServerFrame, WebSocketFrame> encoder,
            Function<ByteBuffer, DecodeResult<ClientFrame>> decoder) {
        this.subprotocol = subprotocol;
        this.messages = messages;
        this.encoder = encoder;
        this.decoder = decoder;
    }

    /** The format of a subprotocol; empty for one that we do not speak. */
    static Optional<WebSocketFormat> of(String subprotocol, FrameLimits limits) {
        return switch (subprotocol) {
            case BINARY -> Optional.of(binary(limits));
            case JSON -> Optional.of(json(limits));
            default -> Optional.empty();
        };
    }

    private static WebSocketFormat binary(FrameLimits limits) {
        return new WebSocketFormat(
                BINARY,
                BinaryWebSocketFrame.class,
                frame -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(BINARY_OUT.encode(frame))),
                new BinaryFrames<>(Direction.CLIENT_TO_ROOM, limits)::decode);
    }

    /** Also what is spoken where no subprotocol was asked for. */
    static WebSocketFormat json(FrameLimits limits) {
        return new WebSocketFormat(
                JSON,
                TextWebSocketFrame.class,
                frame -> new TextWebSocketFrame(Unpooled.wrappedBuffer(JSON_OUT.encode(frame))),
                new JsonFrames<>(Direction.CLIENT_TO_ROOM, limits)::decode);
    }

    String subprotocol() {
        return subprotocol;
    }

    /** Whether frames travel in messages of this kind. */
    boolean takes(WebSocketFrame message) {
        return messages.isInstance(message);
    }

    DecodeResult<ClientFrame> decode(ByteBuffer message) {
        return decoder.apply(message);
    }

    @Override
    public WebSocketFrame encode(ServerFrame frame, ByteBufAllocator allocator) {
        return encoder.apply(frame);
    }

    @Override
    public CloseWebSocketFrame farewell(Ending ending) {
        return new CloseWebSocketFrame(ending.code(), shortened(ending.reason()));
    }

    private static String shortened(String reason) {
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= MAX_CLOSE_REASON_BYTES) {
            return reason;
        }
        int end = MAX_CLOSE_REASON_BYTES;
        while ((utf8[end] & 0xC0) == 0x80) { // not in the midst of a character
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }
}
