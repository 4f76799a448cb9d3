package io.longline.room.topic;

import io.longline.room.session.Message;
import org.jspecify.annotations.Nullable;

/**
 * A topic reaches so far, somebody says.
 *
 * @param before the offset given last before it, 0: there is none; {@link #UNKNOWN}: nobody knows
 * @param message at that offset; null: it is to be read
 */
public record TopicHint(long offset, long before, @Nullable Message message) {
    /** Beyond every offset: no session was sent everything up to here. */
    public static final long UNKNOWN = Long.MAX_VALUE;
}
