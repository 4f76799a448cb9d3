package io.longline.coordinator.uplink;

import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where uplinks wait. Methods that answer with a value block; all fail with LonglineException while the store is away. */
interface UplinkStore {

    /** Keeps it once; when this is answered it will not be lost. */
    CompletionStage<KeepOutcome> keep(Uplink uplink);

    /** How many of so many are within the product's rate. */
    Admitted admit(String product, int wanted, int ratePerS, Deadline deadline);

    /**
     * The first so many of those that asked.
     *
     * @param nextInMs when the first one of the others would be
     */
    record Admitted(int count, long nextInMs) {}

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
     * @param streams in which something waits
     */
    record Held(long fence, List<Stream> streams) {}

    /** Gives it back, if it is ours still. */
    void release(int shard, long fence);

    /** What waits behind a seq, the oldest first. Empty where the lease is another's now; likewise below. */
    Optional<List<Ref>> index(Stream stream, long fence, long after, int most);

    /** Those of them that are there. */
    Optional<List<Kept>> bodies(Stream stream, long fence, List<Ref> refs);

    /** They are forgotten. False where the lease is another's now. */
    boolean finish(Stream stream, long fence, List<Ref> refs);
}
