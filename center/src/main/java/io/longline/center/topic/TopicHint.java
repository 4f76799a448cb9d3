package io.longline.center.topic;

import io.longline.center.push.Outgoing;
import org.jspecify.annotations.Nullable;

/**
 * What rooms are told: a topic reaches so far.
 *
 * @param before the offset given last before it; 0: there is none, or, without a message, it is not known
 * @param message with that offset; null: it is to be read
 */
record TopicHint(
        String product,
        String topic,
        long offset,
        long before,
        @Nullable Outgoing message) {}
