package io.longline.coordinator.backlog;

import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.Stream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is behind streams in Redis. Methods block, and fail with LonglineException while it is away; empty: the lease is another's now. */
interface BacklogStore {

    /** The streams of a shard behind which there is something. */
    Optional<List<Standing>> standing(int shard, long fence);

    /** The oldest of a tail; from now on MySQL may have them. */
    Optional<List<Event>> tail(Stream stream, long fence, Portion most);

    /**
     * How much.
     *
     * @param bytes of payload after which there are no more
     */
    record Portion(int events, long bytes) {}

    /** MySQL has them: the tail forgets them. How many it did not have before. */
    OptionalInt movedOut(Stream stream, long fence, List<Event> events);

    /**
     * They come into the stream. Empty also where others have come meanwhile.
     *
     * @param after up to which seq they had come back
     * @param more whether MySQL may have some behind them
     */
    OptionalInt cameBack(Stream stream, long fence, long after, List<Event> events, boolean more);

    /**
     * The oldest of the tail come into the stream, as MySQL has nothing in between; when all have, nothing is behind the stream any more.
     *
     * @param gone up to which seq MySQL has forgotten
     */
    OptionalInt shift(Stream stream, long fence, Portion most, long gone);

    /** MySQL has something of a stream. Whether it was not known. */
    Optional<Boolean> found(Archive.Size size, long fence);
}
