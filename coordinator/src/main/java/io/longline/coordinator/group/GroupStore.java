package io.longline.coordinator.group;

import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What groups have been given, shard by shard. Stages fail with LonglineException while the store is away. */
interface GroupStore {

    /** The group reads the stream of that shard from now on, from the oldest that is there. */
    CompletionStage<Long> create(Group group, int shard);

    /**
     * It does no longer; what nobody else wants is forgotten.
     *
     * @return whether it did
     */
    CompletionStage<Boolean> drop(Group group, int shard, boolean hasCallback);

    /** What may be given; empty where the group does not read that shard. */
    CompletionStage<Optional<Ready>> ready(Group group, int shard);

    /**
     * What a shard has for a group.
     *
     * @param firstSeq the oldest of them
     * @param firstSize of its payload in bytes
     * @param nextMs where it has nothing: in how many ms it may have, as somebody's time is over then; {@link #NEVER}: when more comes in
     */
    record Ready(int count, long firstSeq, int firstSize, long nextMs) {
        static final long NEVER = Long.MAX_VALUE;
        static final Ready NOTHING = new Ready(0, 0, 0, NEVER);
    }

    /** Something has changed for groups of a type: what {@link #stirred} answers is another from now on. */
    CompletionStage<String> stir(String product, String type);

    /** As it was stirred last; empty: not for long. */
    CompletionStage<String> stirred(Group group);

    /** Gives some; empty where the group does not read that shard. */
    CompletionStage<Optional<Given>> pull(Group group, int shard, Portion most, Duration lease);

    /**
     * How much.
     *
     * @param bytes of payload after which there are no more
     */
    record Portion(int uplinks, long bytes) {}

    /**
     * What was given.
     *
     * @param tillUs when that ends, in microseconds
     * @param expired how many of them had been given before, and were not finished in time
     */
    record Given(long tillUs, int expired, List<Event> uplinks) {
        static Given nothing() {
            return new Given(0, 0, List.of());
        }
    }

    /**
     * Their consumers are done with them.
     *
     * @param leases all of one shard
     * @return of each whether it was still there
     */
    CompletionStage<List<Boolean>> finish(Group group, List<Lease> leases, boolean hasCallback);

    /** They are to be given once more, not before so much time; likewise. */
    CompletionStage<List<Boolean>> requeue(Group group, List<Lease> leases, Duration delay);

    CompletionStage<Standing> standing(Stream stream);
}
