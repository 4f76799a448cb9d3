package io.longline.room.handshake;

import io.longline.room.topic.Followed;
import io.longline.room.transport.Ending;

/** What became of a session that was to be bound anew. */
public sealed interface Rebound {

    /** It has its endpoint, under this generation, which follows this. */
    record Kept(long generation, Followed followed) implements Rebound {}

    /** A newer one has it, or the device was forgotten, or it was kicked: it ends. */
    record Lost(Ending ending) implements Rebound {}
}
