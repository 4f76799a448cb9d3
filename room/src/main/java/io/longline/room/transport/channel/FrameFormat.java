package io.longline.room.transport.channel;

import io.longline.room.transport.Ending;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** How frames look on one kind of link. Shared by all links of the kind. */
interface FrameFormat {

    /** The frame as the pipeline takes it. */
    Object encode(ServerFrame frame, ByteBufAllocator allocator);

    /** What follows the {@code close} frame, if anything does. */
    @Nullable
    Object farewell(Ending ending);
}
