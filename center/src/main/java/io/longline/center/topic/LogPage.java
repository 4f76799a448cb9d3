package io.longline.center.topic;

import io.longline.center.push.Priority;
import java.util.List;
import java.util.OptionalLong;

/**
 * The next messages of a topic, in the order of offset.
 *
 * @param next after which offset the next page begins; empty: that was all
 * @param gap the first offset that is kept, where messages before it had to leave early; empty: none had to
 */
record LogPage(List<Entry> items, OptionalLong next, OptionalLong gap) {

    LogPage {
        items = List.copyOf(items);
    }

    /**
     * A topic that has a log.
     *
     * @param offset given last
     * @param messages in the log
     */
    record Topic(String name, long offset, long messages) {}

    /**
     * One message, without its payload.
     *
     * @param collapseKey empty: none
     */
    record Entry(
            long offset, String messageId, long sentAtMs, long expiresAtMs, Priority priority, String collapseKey) {}
}
