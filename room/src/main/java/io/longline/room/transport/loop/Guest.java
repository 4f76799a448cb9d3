package io.longline.room.transport.loop;

import io.longline.room.heartbeat.Watched;
import io.longline.room.transport.Ending;

/** Whatever answers for a connected socket, from its first byte to its end. */
public interface Guest extends Watched {

    /** The room is going, or cut off. Who speaks a protocol of ours is told why. */
    void leave(Ending why);

    /** The room was stopped for so long that others took it for dead. The socket is closed; no byte is sent any more. */
    void abandon();
}
