package io.longline.saver.journal;

import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.Endpoint;
import java.util.List;

/** Takes what must survive the loss of Redis. Safe for any thread; nothing here blocks but {@link #flush}. */
public interface Journal {

    /**
     * Adds entries, which are committed together. Taking the same ones twice does no harm.
     *
     * @return of durability {@code mysql}: done when they are committed; of {@code redis}: done at once, they are written
     *     when they can be, and dropped and counted when the queue is full. A message that stands alone is not written
     *     where an ack of its endpoint comes first
     * @throws io.longline.keeper.error.LonglineException durability {@code mysql} only: OVERLOADED when the queue is full,
     *     DEPENDENCY_DOWN while MySQL is away
     */
    Receipt write(Durability durability, List<JournalEntry> entries);

    /** One entry that stands alone. */
    default Receipt write(Durability durability, JournalEntry entry) {
        return write(durability, List.of(entry));
    }

    /**
     * Adds what is to survive any loss of Redis, of both durabilities: who is known, and who inherits. Like {@link #write}, but
     * the receipt of durability {@code redis} is done when they are committed, too, or half a second later, or at once where
     * MySQL is away: it is no reason not to go on.
     */
    Receipt keep(Durability durability, List<JournalEntry> entries);

    /** Throws DEPENDENCY_DOWN for durability {@code mysql} while MySQL is known to be away. */
    void requireUp(Durability durability);

    /** Notes a watermark, to be written within a second. One too many is dropped and counted. */
    void acked(Endpoint endpoint, long seq);

    /** Throws OVERLOADED when a watermark of this endpoint would be dropped. */
    void requireRoomForAck(Endpoint endpoint);

    /** Notes up to which offset an endpoint has acknowledged a topic, to be written within ten seconds. One too many is dropped and counted. */
    void passed(Endpoint endpoint, String topic, long offset);

    /** What waits is written as soon as can be. Does not block. */
    void hurry();

    /** Waits until what was added before is written; false if that could not be done in time. */
    boolean flush(Deadline deadline);
}
