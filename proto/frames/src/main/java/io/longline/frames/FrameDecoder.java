package io.longline.frames;

import com.google.protobuf.Message;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads native frames out of the bytes of one link, in whatever pieces they come. The preamble is the caller's.
 *
 * <p>Between two frames it holds no memory beyond its fields. A frame that lies whole in the caller's buffer is parsed where it is;
 * of one that does not, what came so far is kept, in an array that grows with what came and not with what was announced.
 *
 * <p>After a {@link DecodeResult.Refused} the link is lost, because nobody knows where its next frame begins: the decoder then
 * swallows whatever comes and answers {@link DecodeResult.NeedMore}.
 */
public final class FrameDecoder<F extends Message> {
    /** A 32-bit length; a longer varint is malformed, whatever it stands for. */
    private static final int MAX_LENGTH_BYTES = 5;

    private static final int FIRST_PART_BYTES = 256;
    private static final byte[] NOTHING = {};

    private enum State {
        LENGTH,
        BODY,
        REFUSED
    }

    private final BinaryFrames<F> frames;
    private final int maxFrameBytes;
    private State state = State.LENGTH;
    private long length;
    private int lengthBytes;
    private byte[] part = NOTHING;
    private int partBytes;

    public FrameDecoder(Direction<F> direction, FrameLimits limits) {
        this.frames = new BinaryFrames<>(direction, limits);
        this.maxFrameBytes = limits.maxFrameBytes();
    }

    /**
     * Consumes bytes of {@code in} up to the end of one frame and answers it; to be called again until it answers
     * {@link DecodeResult.NeedMore}, when {@code in} has been consumed.
     */
    public DecodeResult<F> decode(ByteBuffer in) {
        if (state == State.LENGTH) {
            DecodeResult<F> refused = readLength(in);
            if (refused != null) {
                return ended(refused);
            }
        }
        if (state == State.BODY) {
            return readBody(in);
        }
        if (state == State.REFUSED) {
            move(in, in.remaining());
        }
        return new DecodeResult.NeedMore<>();
    }

    private DecodeResult.@Nullable Refused<F> readLength(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte next = in.get();
            length |= (next & 0x7FL) << (7 * lengthBytes++);
            if (next >= 0) {
                state = State.BODY;
                return length <= maxFrameBytes ? null : new DecodeResult.TooLarge<>(length, maxFrameBytes);
            }
            if (lengthBytes == MAX_LENGTH_BYTES) {
                return new DecodeResult.Malformed<>("a length of more than " + MAX_LENGTH_BYTES + " bytes");
            }
        }
        return null;
    }

    private DecodeResult<F> readBody(ByteBuffer in) {
        int missing = (int) length - partBytes;
        if (partBytes == 0 && in.remaining() >= missing) {
            ByteBuffer whole = in.duplicate();
            cut(whole, missing);
            move(in, missing);
            return ended(frames.decode(whole));
        }
        int taken = Math.min(in.remaining(), missing);
        makeRoomFor(taken);
        in.get(part, partBytes, taken);
        partBytes += taken;
        if (taken < missing) {
            return new DecodeResult.NeedMore<>();
        }
        return ended(frames.decode(ByteBuffer.wrap(part, 0, partBytes)));
    }

    private void makeRoomFor(int more) {
        int needed = partBytes + more;
        if (needed > part.length) {
            int size = Math.max(needed, Math.max(FIRST_PART_BYTES, 2 * part.length));
            part = Arrays.copyOf(part, (int) Math.min(size, length));
        }
    }

    private DecodeResult<F> ended(DecodeResult<F> result) {
        state = result instanceof DecodeResult.Refused ? State.REFUSED : State.LENGTH;
        length = 0;
        lengthBytes = 0;
        part = NOTHING;
        partBytes = 0;
        return result;
    }

    // On Buffer, because before Android 28 ByteBuffer has no "limit" and "position" of its own.

    private static void cut(Buffer buffer, int bytes) {
        buffer.limit(buffer.position() + bytes);
    }

    private static void move(Buffer buffer, int bytes) {
        buffer.position(buffer.position() + bytes);
    }
}
