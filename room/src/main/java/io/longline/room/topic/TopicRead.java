package io.longline.room.topic;

import java.util.ArrayList;
import java.util.List;

/**
 * One read of a log, for all on a loop that are equally far in it. Who comes while it is under way waits for the next one: what it is to find
 * may have been published since this began.
 */
final class TopicRead {
    private final Followers of;
    private final long after;
    private List<Follow> waiting = new ArrayList<>(1);
    private List<Follow> served = List.of();
    private int failures;

    TopicRead(Followers of, long after) {
        this.of = of;
        this.after = after;
    }

    Followers of() {
        return of;
    }

    long after() {
        return after;
    }

    void add(Follow follow) {
        follow.awaits(this);
        waiting.add(follow);
    }

    /** It begins now, for those that wait for it still. False: there are none. */
    boolean begin() {
        served = waiting.stream().filter(follow -> follow.awaitsStill(this)).toList();
        waiting = new ArrayList<>(0);
        served.forEach(Follow::readBegins);
        return !served.isEmpty();
    }

    /** It was in vain, and will be tried again, for those too that came meanwhile. Answers how often that was so. */
    int failed() {
        List<Follow> all = new ArrayList<>(served);
        all.addAll(waiting);
        waiting = all;
        served = List.of();
        return ++failures;
    }

    /** For whom it was. */
    List<Follow> served() {
        return served;
    }

    /** Who came meanwhile. */
    List<Follow> waiting() {
        return waiting;
    }
}
