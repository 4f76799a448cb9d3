package io.longline.center.broadcastrun;

import io.longline.center.job.TakenJob;
import io.longline.center.push.Outgoing;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.OptionalLong;

/** Takes a broadcast that has ended back: who was not sent it never is. */
public final class BroadcastRecall {
    private final BroadcastTools tools;

    public BroadcastRecall(BroadcastTools tools) {
        this.tools = tools;
    }

    /** A room that does not answer reads no more of it. What was never in the log, or is there unknown to saver's job, is for whoever ends it. */
    public void run(TakenJob taken, Deadline deadline) {
        long offset = taken.broadcast().offset();
        if (offset == 0) {
            return;
        }
        Outgoing message = Outgoing.of(taken.push(), taken.job().createdAtMs());
        Rooms rooms = new Rooms(tools.rooms(), taken, new LogEntry(offset, OptionalLong.empty(), message));
        rooms.ask(Wish.DROP);
        boolean _ = rooms.listen(Duration.ZERO, Shares.CALL);
        tools.logs().remove(taken, offset, deadline);
    }
}
