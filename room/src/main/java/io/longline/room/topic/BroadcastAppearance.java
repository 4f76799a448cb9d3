package io.longline.room.topic;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Session;
import java.time.Duration;

/** A topic of broadcasts appears: all sessions of its product that are on this loop follow it from now on. On that loop, some at a time. */
final class BroadcastAppearance {
    /** So many sessions are looked at before others have their turn. */
    static final int PIECE = 512;
    /** Where the register is to be asked about each: 10,000 a second. */
    private static final Duration BETWEEN_ASKS = Duration.ofMillis(50);

    private final RoomLoop roomLoop;
    private final BroadcastWalk walk;
    private final boolean first;
    private final Each each;
    private final int end;
    private int next;

    /** What is done with a session. */
    interface Each {
        void follow(Session session, BroadcastWalk walk, boolean first);
    }

    /** @param first what it appeared with is the first that there ever was in it: nobody is to be asked where anybody begins */
    BroadcastAppearance(RoomLoop roomLoop, BroadcastWalk walk, boolean first, Each each) {
        this.roomLoop = roomLoop;
        this.walk = walk;
        this.first = first;
        this.each = each;
        this.end = roomLoop.sessions().slots(); // who comes later knows of it
    }

    void goOn() {
        int to = Math.min(end, next + PIECE);
        roomLoop.sessions().forEach(next, to, this::visit);
        next = to;
        walk.unseen(end - next);
        if (next < end) {
            if (first) {
                roomLoop.loop().afterOthers(this::goOn);
            } else {
                roomLoop.loop().later(BETWEEN_ASKS, this::goOn);
            }
        }
    }

    private void visit(Session session) {
        if (session.state() == Session.State.LIVE
                && session.endpoint().product().equals(walk.topic().product())) {
            each.follow(session, walk, first);
        }
    }
}
