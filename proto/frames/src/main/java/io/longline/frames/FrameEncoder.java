package io.longline.frames;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * The native form of a frame: its length as a varint, then the frame in protobuf. The size is known before anything is written, so
 * that a caller takes a buffer of the right size. The bytes of a frame depend on nothing but the frame: encode once, send to many.
 */
public final class FrameEncoder {

    private FrameEncoder() {}

    /** How many bytes {@link #encode(MessageLite, ByteBuffer)} writes: length and frame. */
    public static int sizeOf(MessageLite frame) {
        int body = frame.getSerializedSize();
        return CodedOutputStream.computeUInt32SizeNoTag(body) + body;
    }

    /**
     * Writes length and frame to {@code out} and moves its position behind them.
     *
     * @throws BufferOverflowException where fewer than {@link #sizeOf} bytes remain; then nothing was written
     */
    public static void encode(MessageLite frame, ByteBuffer out) {
        if (out.remaining() < sizeOf(frame)) {
            throw new BufferOverflowException();
        }
        try {
            CodedOutputStream stream = CodedOutputStream.newInstance(out);
            stream.writeUInt32NoTag(frame.getSerializedSize());
            frame.writeTo(stream);
            stream.flush();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
    }

    /** Length and frame in a new buffer of exactly that size, ready to be read. */
    public static ByteBuffer encode(MessageLite frame) {
        byte[] bytes = new byte[sizeOf(frame)];
        encode(frame, ByteBuffer.wrap(bytes));
        return ByteBuffer.wrap(bytes);
    }
}
