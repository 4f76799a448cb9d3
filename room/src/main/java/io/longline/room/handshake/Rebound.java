package io.longline.room.handshake;

import io.longline.room.topic.FollowedTopic;
import io.longline.room.transport.Ending;
import java.util.List;

/** What became of a session that was to be bound anew. */
public sealed interface Rebound {

    /** It has its endpoint, under this generation, which follows these topics. */
    record Kept(long generation, List<FollowedTopic> topics) implements Rebound {}

    /** A newer one has it, or the device was forgotten: it ends. */
    record Lost(Ending ending) implements Rebound {}
}
