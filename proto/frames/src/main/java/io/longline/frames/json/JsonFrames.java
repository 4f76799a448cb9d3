package io.longline.frames.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One frame as a JSON object with one key, its kind: the WebSocket subprotocol {@code longline.v1.json}, server-sent events and long
 * polling.
 */
public final class JsonFrames<F extends Message> {
    private final Direction<F> direction;
    private final FrameLimits limits;

    public JsonFrames(Direction<F> direction, FrameLimits limits) {
        this.direction = direction;
        this.limits = limits;
    }

    /** The frame in UTF-8, in a buffer of exactly that size. */
    public ByteBuffer encode(F frame) {
        return JsonText.write(frame);
    }

    /** Reads all that remains in {@code utf8} as one frame, and consumes it. Never {@link DecodeResult.NeedMore}. */
    public DecodeResult<F> decode(ByteBuffer utf8) {
        return JsonText.read(utf8, limits.maxFrameBytes(), this::readFrame);
    }

    private DecodeResult<F> readFrame(JsonParser in) throws IOException, JsonProblem {
        F frame = null;
        String unknown = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            FieldDescriptor kind = direction.kind(name);
            in.nextToken();
            if (kind == null) {
                unknown = unknown == null ? name : unknown;
                in.skipChildren();
            } else if (frame != null) {
                throw new JsonProblem("a frame of more than one kind");
            } else {
                Message.Builder body = direction.body(kind);
                JsonReader.readObject(in, body);
                frame = direction.frame(kind, body.build());
            }
        }
        return result(frame, unknown);
    }

    private DecodeResult<F> result(@Nullable F frame, @Nullable String unknown) {
        if (frame != null) {
            return new DecodeResult.Frame<>(frame);
        }
        return unknown != null
                ? new DecodeResult.Unknown<>(unknown)
                : new DecodeResult.Malformed<>("a frame without a kind");
    }
}
