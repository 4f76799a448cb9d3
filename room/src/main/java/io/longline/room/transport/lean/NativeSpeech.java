package io.longline.room.transport.lean;

import io.longline.frames.BinaryFrames;
import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameEncoder;
import io.longline.frames.FrameLimits;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Native frames: a length, then protobuf. Unlike {@code FrameDecoder}, which reads one link and has its state, it begins anew
 * with each frame and so serves them all.
 */
final class NativeSpeech implements Speech {
    /** A 32-bit length; a longer varint is malformed, whatever it stands for. */
    private static final int MAX_LENGTH_BYTES = 5;

    private final BinaryFrames<ClientFrame> frames;
    private final int maxFrameBytes;

    NativeSpeech(FrameLimits limits) {
        frames = new BinaryFrames<>(Direction.CLIENT_TO_ROOM, limits);
        maxFrameBytes = limits.maxFrameBytes();
    }

    @Override
    public void read(LeanLink link, ByteBuffer in, int looked) {
        DecodeResult<ClientFrame> next = next(in);
        while (next != null) {
            link.received(next);
            next = link.isOpen() ? next(in) : null;
        }
    }

    /** The next frame, which is consumed; null, and nothing consumed, where it is not there as a whole. */
    private @Nullable DecodeResult<ClientFrame> next(ByteBuffer in) {
        long length = 0;
        int end = Math.min(in.limit(), in.position() + MAX_LENGTH_BYTES);
        for (int at = in.position(), shift = 0; at < end; at++, shift += 7) {
            byte next = in.get(at);
            length |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return body(in, at + 1, length);
            }
        }
        return in.remaining() < MAX_LENGTH_BYTES
                ? null
                : new DecodeResult.Malformed<>("a length of more than " + MAX_LENGTH_BYTES + " bytes");
    }

    private @Nullable DecodeResult<ClientFrame> body(ByteBuffer in, int from, long length) {
        if (length > maxFrameBytes) {
            return new DecodeResult.TooLarge<>(length, maxFrameBytes);
        }
        if (in.limit() - from < length) {
            return null;
        }
        in.position(from + (int) length);
        return frames.decode(in.slice(from, (int) length));
    }

    @Override
    public void encode(ServerFrame frame, ByteBuf out) {
        int size = FrameEncoder.sizeOf(frame);
        out.ensureWritable(size);
        FrameEncoder.encode(frame, out.internalNioBuffer(out.writerIndex(), size));
        out.writerIndex(out.writerIndex() + size);
    }
}
