package io.longline.room.transport.channel;

import io.longline.room.transport.Ending;
import io.longline.room.transport.SharedFrame;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** How frames look on one kind of link. Shared by all links of the kind. */
interface FrameFormat extends SharedFrame.Format {

    /** The frame as the pipeline takes it. */
    Object encode(ServerFrame frame, ByteBufAllocator allocator);

    /** Bytes of {@link SharedFrame.Format#encode} as the pipeline takes them, which are the pipeline's. */
    Object framed(ByteBuf bytes);

    /** What follows the {@code close} frame, if anything does. */
    @Nullable
    Object farewell(Ending ending);
}
