package io.longline.room.transport.loop;

import io.longline.room.heartbeat.Watched;

/** Whatever answers for a connected socket, from its first byte to its end. */
public interface Guest extends Watched {

    /** The room is going. */
    void leave();

    /** The room was stopped for so long that others took it for dead. The socket is closed; no byte is sent any more. */
    void abandon();
}
