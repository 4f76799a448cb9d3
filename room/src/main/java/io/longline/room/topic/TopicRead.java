package io.longline.room.topic;

import java.util.ArrayList;
import java.util.List;

/**
 * One read of a log, for all on a loop that are equally far in it, and may read equally far. Who comes while it is under way waits for the next one: what it is to find
 * may have been published since this began. While it rests, because it was in vain, it is no reason for its sessions to read nothing else.
 */
final class TopicRead {
    private final Followers of;
    private final long after;
    private final long upto;
    private List<Follow> waiting = new ArrayList<>(1);
    private List<Follow> served = List.of();
    private int failures;
    private boolean resting;

    /** @param upto of broadcasts: as far as a job lets them read; 0: as far as everybody may */
    TopicRead(Followers of, long after, long upto) {
        this.of = of;
        this.after = after;
        this.upto = upto;
    }

    Followers of() {
        return of;
    }

    long after() {
        return after;
    }

    long upto() {
        return upto;
    }

    void add(Follow follow) {
        follow.awaits(this);
        waiting.add(follow);
    }

    /**
     * It begins now, for those that wait for it still and whose sessions read nothing else. Answers the others: they wait for it no longer.
     */
    List<Follow> begin() {
        List<Follow> now = new ArrayList<>(waiting.size());
        List<Follow> left = new ArrayList<>(0);
        for (Follow follow : waiting) {
            boolean still = follow.awaitsStill(this);
            if (still && follow.of().takes(this)) {
                follow.readBegins(upto);
                now.add(follow);
            } else {
                if (still) {
                    follow.putOff();
                }
                left.add(follow);
            }
        }
        waiting = new ArrayList<>(0);
        served = now;
        return left;
    }

    /** It was in vain, and rests until it is tried again, for those too that came meanwhile. Answers how often that was so. */
    int failed() {
        List<Follow> all = new ArrayList<>(served);
        all.addAll(waiting);
        waiting = all;
        served = List.of();
        resting = true;
        return ++failures;
    }

    void restIsOver() {
        resting = false;
    }

    boolean isResting() {
        return resting;
    }

    /** For whom it was. */
    List<Follow> served() {
        return served;
    }

    /** Who came meanwhile; while it rests all for whom it is to be. */
    List<Follow> waiting() {
        return waiting;
    }
}
