package io.longline.room.transport.lean;

import io.longline.frames.DecodeResult;
import io.longline.frames.FrameLimits;
import io.longline.room.transport.Ending;
import io.longline.room.transport.speech.FrameHead;
import io.longline.room.transport.speech.WebSocketFormat;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames in WebSocket messages, whose fragments are joined. */
final class WebSocketSpeech implements Speech {
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    private final WebSocketFormat format;
    private final int maxFrameBytes;

    WebSocketSpeech(WebSocketFormat format, FrameLimits limits) {
        this.format = format;
        this.maxFrameBytes = limits.maxFrameBytes();
    }

    @Override
    public void read(LeanLink link, ByteBuffer in, int looked) {
        while (link.isOpen()) {
            FrameHead head = FrameHead.read(in, link.fragments() != null);
            if (head == null) {
                return;
            }
            if (head.equals(FrameHead.VIOLATION)) {
                link.received(WebSocketFormat.noFrame());
                return;
            }
            if (head.payloadBytes() > maxFrameBytes) {
                link.received(new DecodeResult.TooLarge<>(maxFrameBytes + 1L, maxFrameBytes));
                return;
            }
            if (!head.isWhole(in)) {
                return;
            }
            take(link, head, head.payload(in));
        }
    }

    private void take(LeanLink link, FrameHead head, ByteBuffer payload) {
        switch (head.opcode()) {
            case FrameHead.PING -> {
                if (link.pinged()) {
                    answer(link, FrameHead.PONG, payload);
                    link.flush();
                }
            }
            case FrameHead.PONG -> {}
            case FrameHead.CLOSE -> {
                if (FrameHead.isFarewell(payload)) {
                    answer(link, FrameHead.CLOSE, payload);
                    link.hangUp(0);
                } else {
                    link.received(WebSocketFormat.noFrame());
                }
            }
            case FrameHead.CONTINUATION -> join(link, head, payload);
            default -> message(link, head, payload);
        }
    }

    private static void answer(LeanLink link, int opcode, ByteBuffer payload) {
        if (!link.isClosed()) {
            begin(opcode, payload.remaining(), link.out()).writeBytes(payload);
            link.wrote();
        }
    }

    private void message(LeanLink link, FrameHead head, ByteBuffer payload) {
        if (head.opcode() == FrameHead.TEXT != format.isText()) {
            link.received(format.wrongKind());
        } else if (head.last()) {
            link.received(format.decode(payload));
        } else {
            Bytes first = new Bytes();
            first.add(payload);
            link.fragments(first);
        }
    }

    private void join(LeanLink link, FrameHead head, ByteBuffer payload) {
        Bytes joined = link.fragments();
        if (joined == null) {
            return;
        }
        long size = (long) joined.size() + payload.remaining();
        if (size > maxFrameBytes) {
            link.received(new DecodeResult.TooLarge<>(size, maxFrameBytes));
            return;
        }
        joined.add(payload);
        if (head.last()) {
            link.fragments(null);
            link.received(format.decode(joined.all()));
        }
    }

    @Override
    public void encode(ServerFrame frame, ByteBuf out) {
        ByteBuffer payload = format.encode(frame);
        begin(format.isText() ? FrameHead.TEXT : FrameHead.BINARY, payload.remaining(), out)
                .writeBytes(payload);
    }

    @Override
    public void farewell(Ending ending, ByteBuf out) {
        byte[] reason = WebSocketFormat.shortened(ending.reason()).getBytes(StandardCharsets.UTF_8);
        begin(FrameHead.CLOSE, Short.BYTES + reason.length, out)
                .writeShort(ending.code())
                .writeBytes(reason);
    }

    private static ByteBuf begin(int opcode, int size, ByteBuf out) {
        out.writeByte(FrameHead.WHOLE | opcode);
        if (size < SHORT_LENGTH) {
            return out.writeByte(size);
        }
        return size <= 0xFFFF
                ? out.writeByte(SHORT_LENGTH).writeShort(size)
                : out.writeByte(LONG_LENGTH).writeLong(size);
    }
}
