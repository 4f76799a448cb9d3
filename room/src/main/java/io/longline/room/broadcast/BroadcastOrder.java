package io.longline.room.broadcast;

import io.longline.room.session.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One request of a job, and of those that are sent with it.
 *
 * @param first whose turn it is in its topic
 * @param behind sent with it, in order of offset, without pace and canary
 * @param canaryPermille so many users of 1,000 may have it; 0: everybody
 * @param peoplePerS 0: as fast as the room can
 * @param share for so long, from when the room begins to look at it
 * @param number of the request in the run of the first one; what was asked earlier in it counts no more
 */
public record BroadcastOrder(
        String product,
        String topic,
        BroadcastJob first,
        List<BroadcastJob> behind,
        BroadcastWish wish,
        int canaryPermille,
        int peoplePerS,
        Duration share,
        long number) {

    /** Beyond every offset: nobody was sent everything up to here. */
    public static final long UNKNOWN = Long.MAX_VALUE;

    /** Behind the first one, at most. */
    public static final int MOST_BEHIND = 15;

    public BroadcastOrder {
        behind = List.copyOf(behind);
    }

    /** Of one job alone. */
    public BroadcastOrder(
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
        this(
                product,
                topic,
                new BroadcastJob(jobId, offset, before, message, run),
                List.of(),
                wish,
                canaryPermille,
                peoplePerS,
                share,
                number);
    }

    /** In order of offset. */
    public List<BroadcastJob> all() {
        List<BroadcastJob> all = new ArrayList<>(1 + behind.size());
        all.add(first);
        all.addAll(behind);
        return all;
    }

    /** Where it stands in its topic. */
    public long offset() {
        return first.offset();
    }

    /** How far everybody may read who may have all of it. */
    public long upTo() {
        return behind.isEmpty() ? first.offset() : behind.getLast().offset();
    }

    /** There was nothing in the topic before it. */
    public boolean isFirst() {
        return first.before() == 0;
    }

    /** Whether somebody is to be sent it, now or when it goes on. */
    public boolean isToBeSent() {
        return wish == BroadcastWish.SEND || wish == BroadcastWish.REST;
    }

    public Canary canary() {
        return new Canary(product, first.id(), wish == BroadcastWish.OVER ? 0 : canaryPermille);
    }
}
