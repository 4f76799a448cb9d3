package io.longline.saver.journal;

import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.Endpoint;

/** Takes what must survive the loss of Redis. Safe for any thread; nothing here blocks but {@link #flush}. */
public interface Journal {

    /**
     * Adds an entry. Taking the same one twice does no harm.
     *
     * @return of durability {@code mysql}: done when the entry is committed; of {@code redis}: done at once, the entry is
     *     written when it can be, and dropped and counted when the queue is full
     * @throws io.longline.keeper.error.LonglineException durability {@code mysql} only: OVERLOADED when the queue is full,
     *     DEPENDENCY_DOWN while MySQL is away
     */
    Receipt write(Durability durability, JournalEntry entry);

    /** Throws DEPENDENCY_DOWN for durability {@code mysql} while MySQL is known to be away. */
    void requireUp(Durability durability);

    /** Notes a watermark, to be written within a second. One too many is dropped and counted. */
    void acked(Endpoint endpoint, long seq);

    /** Throws OVERLOADED when a watermark of this endpoint would be dropped. */
    void requireRoomForAck(Endpoint endpoint);

    /** Waits until what was added before is written; false if that could not be done in time. */
    boolean flush(Deadline deadline);
}
