package io.longline.room.transport.channel;

import io.longline.room.transport.Ending;
import io.longline.room.transport.speech.WebSocketFormat;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Frames as WebSocket messages. */
record MessageFormat(WebSocketFormat messages) implements FrameFormat {

    @Override
    public WebSocketFrame encode(ServerFrame frame, ByteBufAllocator allocator) {
        return framed(Unpooled.wrappedBuffer(messages.encode(frame)));
    }

    @Override
    public void encode(ServerFrame frame, ByteBuf out) {
        out.writeBytes(messages.encode(frame));
    }

    @Override
    public WebSocketFrame framed(ByteBuf payload) {
        return messages.isText() ? new TextWebSocketFrame(payload) : new BinaryWebSocketFrame(payload);
    }

    @Override
    public CloseWebSocketFrame farewell(Ending ending) {
        return new CloseWebSocketFrame(ending.code(), WebSocketFormat.shortened(ending.reason()));
    }
}
