package io.longline.room.broadcast;

import io.longline.room.session.Message;
import java.time.Duration;

/**
 * One request of a job.
 *
 * @param offset of the message in the log of its topic
 * @param before the offset given last before it, 0: there is none; {@link #UNKNOWN}: the job does not know
 * @param canaryPermille so many users of 1,000 may have it; 0: everybody
 * @param peoplePerS 0: as fast as the room can
 * @param share for so long, from when the room begins to look at it
 * @param run which turn of the job this is of; what an earlier one asked counts no more
 * @param number of the request in the run; what was asked earlier in it counts no more
 */
public record BroadcastOrder(
        String product,
        String topic,
        String jobId,
        long offset,
        long before,
        Message message,
        BroadcastWish wish,
        int canaryPermille,
        int peoplePerS,
        Duration share,
        long run,
        long number) {

    /** Beyond every offset: nobody was sent everything up to here. */
    public static final long UNKNOWN = Long.MAX_VALUE;

    /** There was nothing in the topic before it. */
    public boolean isFirst() {
        return before == 0;
    }

    public Canary canary() {
        return new Canary(product, jobId, wish == BroadcastWish.OVER ? 0 : canaryPermille);
    }
}
