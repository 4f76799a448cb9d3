package io.longline.room.transport;

import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame for many links of one loop. The first link of a kind has it encoded, and those after it are handed the same bytes. Whoever made it releases
 * it when it goes to nobody else; bytes that a socket has yet to take stay as long as that takes. On that loop.
 */
public final class SharedFrame {
    private static final int HEAD_BYTES = 16;

    private final ServerFrame frame;
    private final List<Encoded> encoded = new ArrayList<>(1);

    /** How one kind of links has frames as bytes. Equal for all links of the kind. */
    @FunctionalInterface
    public interface Format {
        void encode(ServerFrame frame, ByteBuf out);
    }

    private record Encoded(Format format, ByteBuf bytes) {}

    public SharedFrame(ServerFrame frame) {
        this.frame = frame;
    }

    public ServerFrame frame() {
        return frame;
    }

    /** Its bytes, not to be changed. Whoever keeps them longer than the call retains them. */
    public ByteBuf bytes(Format format) {
        for (Encoded known : encoded) {
            if (known.format.equals(format)) {
                return known.bytes;
            }
        }
        ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(frame.getSerializedSize() + HEAD_BYTES);
        encoded.add(new Encoded(format, encoded(format, bytes)));
        return bytes;
    }

    private ByteBuf encoded(Format format, ByteBuf out) {
        boolean whole = false;
        try {
            format.encode(frame, out);
            whole = true;
            return out;
        } finally {
            if (!whole) {
                out.release();
            }
        }
    }

    /** It is not written to any link from here on. */
    public void release() {
        encoded.forEach(one -> one.bytes.release());
        encoded.clear();
    }
}
