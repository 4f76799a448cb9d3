package io.longline.room.broadcast;

/**
 * How far a broadcast is, in sessions.
 *
 * @param targeted those that were let have it, and those that are left
 * @param sent of those that were let: the others take it when they can
 * @param acked of those that were sent it
 * @param left that are still to be let
 */
public record BroadcastCounts(long targeted, long sent, long acked, long left) {
    public static final BroadcastCounts NONE = new BroadcastCounts(0, 0, 0, 0);

    public BroadcastCounts plus(BroadcastCounts other) {
        return new BroadcastCounts(
                targeted + other.targeted, sent + other.sent, acked + other.acked, left + other.left);
    }
}
