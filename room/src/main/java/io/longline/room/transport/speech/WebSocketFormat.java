package io.longline.room.transport.speech;

import io.longline.frames.DecodeResult;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** One frame a WebSocket message: protobuf in binary ones, JSON in text ones. */
public final class WebSocketFormat {
    private static final int MAX_CLOSE_REASON_BYTES = 123; // RFC 6455, 5.5

    private final String subprotocol;
    private final boolean text;
    private final Function<ServerFrame, ByteBuffer> encoder;
    private final Function<ByteBuffer, DecodeResult<ClientFrame>> decoder;

    WebSocketFormat(
            String subprotocol,
            boolean text,
            Function<ServerFrame, ByteBuffer> encoder,
            Function<ByteBuffer, DecodeResult<ClientFrame>> decoder) {
        this.subprotocol = subprotocol;
        this.text = text;
        this.encoder = encoder;
        this.decoder = decoder;
    }

    String subprotocol() {
        return subprotocol;
    }

    /** Whether frames travel in text messages; otherwise in binary ones. */
    public boolean isText() {
        return text;
    }

    public ByteBuffer encode(ServerFrame frame) {
        return encoder.apply(frame);
    }

    /** Reads a whole message and consumes it. */
    public DecodeResult<ClientFrame> decode(ByteBuffer message) {
        return decoder.apply(message);
    }

    /** What a message of the other kind counts as. */
    public DecodeResult.Malformed<ClientFrame> wrongKind() {
        return new DecodeResult.Malformed<>("a " + (text ? "binary" : "text") + " message on " + subprotocol);
    }

    /** What breaks the rules of WebSocket itself counts as. */
    public static DecodeResult.Malformed<ClientFrame> noFrame() {
        return new DecodeResult.Malformed<>("not a WebSocket frame");
    }

    /** A reason, cut to what a close frame may hold. */
    public static String shortened(String reason) {
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
