package io.longline.deploy.check;

import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.PullGroup;
import io.longline.deploy.check.history.Uplink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is known of one uplink that is not finally judged. */
final class UplinkCase implements Traced {
    private static final int MOST_EVENTS = 100;

    final Uplink uplink;

    /** The groups that had it. */
    final Set<PullGroup> groups = new HashSet<>();

    private final long firstBegun;
    private final List<Event> events = new ArrayList<>();

    /** When its client heard that it is kept; -1: never. */
    long takenAt = -1;

    /** When its callback was told it first; -1: never. */
    long toldAt = -1;

    /** Of the event that it is; empty: nobody was told yet. */
    String eventId = "";

    /** Redis may have lost it. */
    boolean mayBeLost;

    /** Redis may have lost that it was kept, so that it is another event when it is sent once more. */
    boolean mayComeAnew;

    UplinkCase(Uplink uplink, long firstBegun) {
        this.uplink = uplink;
        this.firstBegun = firstBegun;
    }

    void note(Event event) {
        if (events.size() < MOST_EVENTS) {
            events.add(event);
        }
    }

    @Override
    public int number() {
        return uplink.number();
    }

    @Override
    public long firstBegun() {
        return firstBegun;
    }

    @Override
    public List<Event> events() {
        return events;
    }

    /** @param since what was kept before that and may not have been persisted is doubtful; at or below 0: everything */
    void redisWasLost(long since) {
        boolean open = takenAt < 0 || takenAt >= since;
        mayBeLost |= open;
        mayComeAnew |= open;
    }
}
