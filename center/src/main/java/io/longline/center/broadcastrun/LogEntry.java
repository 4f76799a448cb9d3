package io.longline.center.broadcastrun;

import io.longline.center.push.Outgoing;
import java.util.OptionalLong;

/**
 * A broadcast in the log of its topic.
 *
 * @param before the offset given last before it in the topic, 0: none; empty: not known
 */
record LogEntry(long offset, OptionalLong before, Outgoing message) {}
