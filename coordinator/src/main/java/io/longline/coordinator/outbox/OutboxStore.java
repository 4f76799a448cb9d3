package io.longline.coordinator.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where events wait. Methods block, and fail with LonglineException while the store is away. */
public interface OutboxStore {

    /**
     * Takes the lease of a shard or renews it.
     *
     * @param freeFor how long it must have been free, where it is not ours
     * @return empty where another has it
     */
    Optional<Held> hold(int shard, String holder, Duration lease, Duration freeFor);

    /**
     * The lease is ours.
     *
     * @param fence to be given with all that is done under it
     * @param streams in which something waits, or behind which something does
     * @param behind whether there are such
     */
    record Held(long fence, List<Stream> streams, boolean behind) {}

    /** Gives it back, if it is ours still. */
    void release(int shard, long fence);

    /** What waits for the callback behind a seq, the oldest first. Empty where the lease is another's now; likewise below. */
    Optional<Page> index(Stream stream, long fence, long after, int most);

    /**
     * Some of what waits.
     *
     * @param lastSeq up to which it was looked through
     * @param isFull there may be more behind it
     */
    record Page(List<Ref> refs, long lastSeq, boolean isFull) {}

    /** Those of them that are there. */
    Optional<List<Event>> bodies(Stream stream, long fence, List<Ref> refs);

    /** The callback has them: what no group wants is forgotten. False where the lease is another's now; likewise below. */
    boolean finish(Stream stream, long fence, List<Ref> refs);

    /** Of a stream that no callback is there for: what all of its groups have finished with is forgotten. Empty where the lease is another's now. */
    Optional<Claims> sweep(Stream stream, long fence);

    /** Who reads a stream besides a callback. */
    enum Claims {
        NONE,
        GROUPS
    }
}
