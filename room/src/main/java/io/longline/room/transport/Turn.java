package io.longline.room.transport;

/** How much of something long is done on a loop before others have their turn: reads, heartbeats, single pushes. Pure. */
public final class Turn {
    /** So many are visited at most. */
    public static final int VISITS = 512;
    /** So many bytes are written, about; one more message may be. */
    public static final int BYTES = 1 << 20;

    private Turn() {}

    /** How many may be visited where each is written so many bytes. */
    public static int visits(long bytesEach) {
        return Math.clamp(BYTES / Math.max(1, bytesEach), 1, VISITS);
    }
}
