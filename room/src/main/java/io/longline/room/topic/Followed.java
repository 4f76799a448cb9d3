package io.longline.room.topic;

import java.util.List;

/**
 * What the register says an endpoint follows, besides broadcasts, which all do.
 *
 * @param born a number as offsets are, of when its device was first seen: what was broadcast before is not for it; 0: nobody knows
 */
public record Followed(List<FollowedTopic> topics, long born) {
    public static final Followed NOTHING = new Followed(List.of(), 0);
}
