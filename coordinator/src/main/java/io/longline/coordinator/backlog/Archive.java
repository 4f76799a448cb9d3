package io.longline.coordinator.backlog;

import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.Stream;
import java.util.List;
import java.util.Optional;

/** MySQL, behind saver. Methods block, and fail with LonglineException while either is away; "stale": a later fencing number was seen. */
interface Archive {

    /** What there is of a shard, in which nothing is changed under an earlier number from now on. Empty: stale. */
    Optional<List<Size>> open(int shard, long fence);

    /** What there is of a stream. */
    record Size(Stream stream, long events, long firstSeq, long lastSeq) {}

    /** Keeps all of them, or none. */
    Kept keep(Stream stream, long fence, List<Event> events);

    /** What became of them. */
    enum Kept {
        KEPT,
        /** Their product has as many as it may. */
        FULL,
        STALE
    }

    /** The oldest behind a seq. */
    Page read(Stream stream, long after, BacklogStore.Portion most);

    /** Some of them, and whether there may be more behind. */
    record Page(List<Event> events, boolean more) {}

    /** What is not behind a seq is forgotten. Whether all of it is. */
    boolean letGo(Stream stream, long fence, long upTo);
}
