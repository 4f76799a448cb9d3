package io.longline.frames;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/** Bare protobuf, one frame in a message that something else delimits: the WebSocket subprotocol {@code longline.v1}. */
public final class BinaryFrames<F extends Message> {
    private final Direction<F> direction;
    private final FrameLimits limits;

    public BinaryFrames(Direction<F> direction, FrameLimits limits) {
        this.direction = direction;
        this.limits = limits;
    }

    /** The frame's bytes in a buffer of exactly that size. */
    public ByteBuffer encode(F frame) {
        return ByteBuffer.wrap(frame.toByteArray());
    }

    /** Reads all that remains in {@code whole} as one frame, and consumes it. Never {@link DecodeResult.NeedMore}. */
    public DecodeResult<F> decode(ByteBuffer whole) {
        int size = whole.remaining();
        if (size > limits.maxFrameBytes()) {
            return new DecodeResult.TooLarge<>(size, limits.maxFrameBytes());
        }
        try {
            return checked(direction.parser().parseFrom(whole));
        } catch (InvalidProtocolBufferException e) {
            return new DecodeResult.Malformed<>("not a protobuf frame");
        } finally {
            skip(whole);
        }
    }

    private DecodeResult<F> checked(F frame) {
        if (direction.hasKind(frame)) {
            return new DecodeResult.Frame<>(frame);
        }
        return frame.getUnknownFields().asMap().keySet().stream()
                .findFirst()
                .<DecodeResult<F>>map(number -> new DecodeResult.Unknown<>("field " + number))
                .orElseGet(() -> new DecodeResult.Malformed<>("a frame without a kind"));
    }

    /** On {@code Buffer}, because before Android 28 {@code ByteBuffer} has no {@code position} of its own. */
    private static void skip(Buffer buffer) {
        buffer.position(buffer.limit());
    }
}
