package io.longline.room.fanout;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Message;
import io.longline.room.session.PushFrames;
import io.longline.room.session.Session;
import io.longline.room.transport.SharedFrame;
import io.longline.room.transport.Turn;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One message on its way over the sessions of one loop, a piece at a time. On that loop. */
final class Walk {
    private final RoomLoop roomLoop;
    private final String product;
    private final Message message;
    private final long nowMs;
    private final int end;
    private final int piece;
    private final Map<Integer, SharedFrame> frames = new HashMap<>(); // by ref
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
        this.piece = Turn.visits(message.payloadSize());
        this.done = done;
    }

    void goOn() {
        int to = Math.min(end, next + piece);
        roomLoop.sessions().forEach(next, to, this::visit);
        next = to;
        frames.values().forEach(SharedFrame::release);
        frames.clear();
        if (next < end) {
            roomLoop.loop().afterOthers(this::goOn);
        } else {
            done.complete(new Reached(written, dropped));
        }
    }

    private SharedFrame frame(int ref) {
        return frames.computeIfAbsent(ref, key -> new SharedFrame(PushFrames.now(key, message, nowMs)));
    }

    private void visit(Session session) {
        if (session.state() != Session.State.LIVE
                || !session.endpoint().product().equals(product)) {
            return;
        }
        if (session.lastHop().writeNow(this::frame)) {
            session.link().flush();
            written++;
        } else {
            dropped++;
        }
    }
}
