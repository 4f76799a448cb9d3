package io.longline.room.fanout;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Message;
import io.longline.room.session.Session;
import java.util.concurrent.CompletableFuture;

/** One message on its way over the sessions of one loop, a piece at a time. On that loop. */
final class Walk {
    /** So many slots are visited before others have their turn. */
    private static final int PIECE = 512;

    private final RoomLoop roomLoop;
    private final String product;
    private final Message message;
    private final long nowMs;
    private final int end;
    private final CompletableFuture<Reached> done;
    private int next;
    private long written;
    private long dropped;

    Walk(RoomLoop roomLoop, String product, Message message, long nowMs, CompletableFuture<Reached> done) {
        this.roomLoop = roomLoop;
        this.product = product;
        this.message = message;
        this.nowMs = nowMs;
        this.end = roomLoop.sessions().slots(); // who comes later has not been here
        this.done = done;
    }

    void goOn() {
        int to = Math.min(end, next + PIECE);
        roomLoop.sessions().forEach(next, to, this::visit);
        next = to;
        if (next < end) {
            roomLoop.loop().execute(this::goOn);
        } else {
            done.complete(new Reached(written, dropped));
        }
    }

    private void visit(Session session) {
        if (session.state() != Session.State.LIVE
                || !session.endpoint().product().equals(product)) {
            return;
        }
        if (session.lastHop().writeNow(message, nowMs)) {
            session.link().flush();
            written++;
        } else {
            dropped++;
        }
    }
}
