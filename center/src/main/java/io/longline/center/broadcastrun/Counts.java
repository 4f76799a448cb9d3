package io.longline.center.broadcastrun;

import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.RoomProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How far a broadcast has come, in each start of each room. Used by one thread. */
final class Counts {
    /** As many as saver keeps. */
    private static final int MOST = 1_000;

    private final Map<String, RoomProgress> rooms;
    private long offset;

    /** @param known what an earlier run has told */
    Counts(BroadcastProgress known) {
        this.offset = known.offset();
        this.rooms = new HashMap<>(known.rooms());
    }

    /** Where it stands in the log. */
    void offset(long known) {
        offset = known;
    }

    /** Beyond so many starts of rooms the others are not told of. */
    void answered(String room, RoomProgress progress) {
        if (rooms.size() < MOST || rooms.containsKey(room)) {
            rooms.merge(room, progress, RoomProgress::then);
        }
    }

    /** In a room that is gone nobody is left: its sessions are elsewhere by now, or will be. */
    BroadcastProgress now(Set<String> members) {
        Map<String, RoomProgress> now = new HashMap<>();
        rooms.forEach((room, so) -> now.put(room, members.contains(room) ? so : so.gone()));
        return new BroadcastProgress(offset, now);
    }
}
