package io.longline.room.transport.lean;

import io.longline.room.transport.Ending;
import io.longline.room.transport.SharedFrame;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** What is spoken on a link. One for all links that speak it: what belongs to one link is kept by the link. */
interface Speech extends SharedFrame.Format {

    /**
     * Consumes what is whole; the rest is there again next time, with more behind it. Ends early when the link does, or speaks
     * something else.
     *
     * @param looked so many of the bytes were there last time
     */
    void read(LeanLink link, ByteBuffer in, int looked);

    @Override
    default void encode(ServerFrame frame, ByteBuf out) {
        throw new IllegalStateException("no frames are spoken yet");
    }

    /** What follows the {@code close} frame, if anything does. */
    default void farewell(Ending ending, ByteBuf out) {}
}
