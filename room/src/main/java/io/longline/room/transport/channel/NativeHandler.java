package io.longline.room.transport.channel;

import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameDecoder;
import io.longline.v1.ClientFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;

/** Reads native frames after the preamble. */
final class NativeHandler extends LinkHandler {
    private final FrameDecoder<ClientFrame> decoder;

    NativeHandler(ChannelLink link) {
        super(link);
        decoder = new FrameDecoder<>(Direction.CLIENT_TO_ROOM, link.frameLimits());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        try {
            ByteBuffer in = ((ByteBuf) bytes).nioBuffer();
            DecodeResult<ClientFrame> result = decoder.decode(in);
            while (!(result instanceof DecodeResult.NeedMore)) {
                link().received(result);
                result = decoder.decode(in);
            }
        } finally {
            ReferenceCountUtil.release(bytes);
        }
    }
}
