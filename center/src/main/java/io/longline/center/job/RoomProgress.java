package io.longline.center.job;

/**
 * How far a broadcast has come in one start of a room.
 *
 * @param targeted sessions: those that were let have it, and those that are left
 * @param sent of them; the others of those that were let have it take it when they can
 * @param left that are still to have it
 */
public record RoomProgress(long targeted, long sent, long acked, long left) {
    public static final RoomProgress NONE = new RoomProgress(0, 0, 0, 0);

    /** With what is known later: of each number the greater, but what is left is as it is by now. */
    public RoomProgress then(RoomProgress later) {
        return new RoomProgress(
                Math.max(targeted, later.targeted),
                Math.max(sent, later.sent),
                Math.max(acked, later.acked),
                later.left);
    }

    /** Of another start of the same room, too. */
    public RoomProgress plus(RoomProgress other) {
        return new RoomProgress(targeted + other.targeted, sent + other.sent, acked + other.acked, left + other.left);
    }

    /** The room is gone. */
    public RoomProgress gone() {
        return new RoomProgress(targeted, sent, acked, 0);
    }
}
