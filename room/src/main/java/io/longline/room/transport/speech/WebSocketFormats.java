package io.longline.room.transport.speech;

import io.longline.frames.BinaryFrames;
import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import io.longline.frames.json.JsonFrames;
import io.longline.v1.ServerFrame;
import java.util.Optional;

/**
 * The formats of the two subprotocols.
 *
 * @param json also what is spoken where no subprotocol was asked for
 */
public record WebSocketFormats(WebSocketFormat binary, WebSocketFormat json) {
    private static final BinaryFrames<ServerFrame> BINARY_OUT =
            new BinaryFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);
    private static final JsonFrames<ServerFrame> JSON_OUT =
            new JsonFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);

    /**
     * Both of them.
     *
     * @param limits of what clients may send
     */
    public static WebSocketFormats of(FrameLimits limits) {
        return new WebSocketFormats(
                new WebSocketFormat(
                        "longline.v1",
                        false,
                        BINARY_OUT::encode,
                        new BinaryFrames<>(Direction.CLIENT_TO_ROOM, limits)::decode),
                new WebSocketFormat(
                        "longline.v1.json",
                        true,
                        JSON_OUT::encode,
                        new JsonFrames<>(Direction.CLIENT_TO_ROOM, limits)::decode));
    }

    /** The format of a subprotocol; empty for one that we do not speak. */
    Optional<WebSocketFormat> named(String subprotocol) {
        if (subprotocol.equals(binary.subprotocol())) {
            return Optional.of(binary);
        }
        return subprotocol.equals(json.subprotocol()) ? Optional.of(json) : Optional.empty();
    }
}
