package io.longline.room.transport;

import io.longline.frames.DecodeResult;
import io.longline.v1.ClientFrame;

/** What is told of one link, on its loop. */
public interface LinkListener {
    /** Of a link that is closed as soon as it is there. */
    LinkListener DEAF = new LinkListener() {
        @Override
        public void received(DecodeResult<ClientFrame> result) {}

        @Override
        public void writable() {}

        @Override
        public void silent() {}

        @Override
        public void closed(int code) {}
    };

    /** A frame has come, or something that is none. Never {@link DecodeResult.NeedMore}. */
    void received(DecodeResult<ClientFrame> result);

    /** A ping of the transport's own has come; whether it is to be answered. */
    default boolean pinged() {
        return true;
    }

    /** The client takes things again. */
    void writable();

    /** Nothing was heard for longer than allowed. */
    void silent();

    /**
     * The link is closed, by whatever side; the last thing that is told.
     *
     * @param code that the client was told; 0: none, as it closed the link itself, or the link broke
     */
    void closed(int code);
}
