package io.longline.room.refill;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.handshake.Networks;
import io.longline.room.session.Session;
import java.util.List;

/**
 * Has a register say whether this room was declared gone, where nothing else does: one session after the other is bound once more, where it
 * is. That changes nothing; where the room is gone it is refused, which {@link io.longline.room.handshake.RegisterClient} tells.
 * Used by one thread at a time.
 */
public final class Probe {
    private final List<RoomLoop> loops;
    private final Networks networks;
    private int turn;

    public Probe(List<RoomLoop> loops, Networks networks) {
        this.loops = loops;
        this.networks = networks;
    }

    /** Asks for one session, of the next loop that has any. Does not wait. */
    public void ask() {
        for (int looked = 0; looked < loops.size(); looked++) {
            RoomLoop roomLoop = loops.get(turn);
            turn = (turn + 1) % loops.size();
            if (roomLoop.sessions().size() > 0) { // as far as somebody who does not own them can see
                roomLoop.loop().execute(() -> ask(roomLoop));
                return;
            }
        }
    }

    private void ask(RoomLoop roomLoop) {
        Session session = roomLoop.sessions().next(each -> !each.bindUnderWay());
        if (session != null) {
            var _ = networks.tell(session);
        }
    }
}
