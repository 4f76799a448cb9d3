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
        FrameEncoder.encode(frame, out.internalNioBuffer(0, size));
        return out.writerIndex(size);
    }

    @Override
    public @Nullable Object farewell(Ending ending) {
        return null;
    }
}
