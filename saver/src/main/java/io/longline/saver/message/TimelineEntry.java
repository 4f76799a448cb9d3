package io.longline.saver.message;

import io.longline.saver.endpoint.Endpoint;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a message.
 *
 * @param atMs 0: not known
 * @param node who did it; empty: not known
 * @param endpoint of the copy; null: the whole message
 * @param reason of dropped; empty otherwise
 */
record TimelineEntry(
        Stage stage, long atMs, String node, @Nullable Endpoint endpoint, String reason) {

    /** What a message goes through, in this order. */
    enum Stage {
        ACCEPTED,
        SCHEDULED,
        STORED,
        ROUTED,
        WRITTEN,
        ACKED,
        EXPIRED,
        COLLAPSED,
        RECALLED,
        DROPPED
    }

    /** By time; what has none is an end that was told without it. */
    static final Comparator<TimelineEntry> IN_ORDER = Comparator.<TimelineEntry>comparingLong(
                    entry -> entry.atMs == 0 ? Long.MAX_VALUE : entry.atMs)
            .thenComparing(TimelineEntry::stage)
            .thenComparing(entry -> entry.endpoint == null ? "" : entry.endpoint.text());

    /** @param others all other stages, in order: center's idea of the time may be a moment ahead of the store's */
    static TimelineEntry accepted(long atMs, String center, List<TimelineEntry> others) {
        long firstMs = others.isEmpty() ? atMs : others.getFirst().atMs;
        return new TimelineEntry(Stage.ACCEPTED, Math.min(atMs, firstMs), center, null, "");
    }
}
