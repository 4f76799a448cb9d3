package io.longline.room.transport.channel;

import io.longline.frames.FrameEncoder;
import io.longline.room.transport.Ending;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Native frames: a length, then protobuf. */
enum NativeFormat implements FrameFormat {
    INSTANCE;

    @Override
    public ByteBuf encode(ServerFrame frame, ByteBufAllocator allocator) {
        int size = FrameEncoder.sizeOf(frame);
        ByteBuf out = allocator.directBuffer(size, size);
        encode(frame, out);
        return out;
    }

    @Override
    public void encode(ServerFrame frame, ByteBuf out) {
        int size = FrameEncoder.sizeOf(frame);
        out.ensureWritable(size);
        FrameEncoder.encode(frame, out.internalNioBuffer(out.writerIndex(), size));
        out.writerIndex(out.writerIndex() + size);
    }

    @Override
    public ByteBuf framed(ByteBuf bytes) {
        return bytes;
    }

    @Override
    public @Nullable Object farewell(Ending ending) {
        return null;
    }
}
