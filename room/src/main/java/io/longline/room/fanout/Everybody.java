package io.longline.room.fanout;

import io.longline.room.RoomMetrics;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Brings a message of QoS 0 to all sessions of a product that are in this room. */
public final class Everybody {
    private final List<RoomLoop> loops;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;

    public Everybody(List<RoomLoop> loops, LongSupplier nowMs, RoomMetrics metrics) {
        this.loops = loops;
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    /** Ends when every session was visited. */
    public CompletableFuture<Reached> tell(String product, Message message) {
        CompletableFuture<Reached> all = CompletableFuture.completedFuture(new Reached(0, 0));
        for (RoomLoop roomLoop : loops) {
            CompletableFuture<Reached> ofLoop = new CompletableFuture<>();
            roomLoop.loop().execute(() -> new Walk(roomLoop, product, message, nowMs.getAsLong(), ofLoop).goOn());
            all = all.thenCombine(ofLoop, Reached::plus);
        }
        return all.whenComplete((reached, error) -> {
            if (reached != null) {
                metrics.toldEverybody(reached.written(), reached.dropped());
            }
        });
    }
}
