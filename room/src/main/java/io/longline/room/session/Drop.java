package io.longline.room.session;

/** A copy that is not written, for this reason. The saver must hear of it before it hears of an ack beyond it. */
public record Drop(long seq, String messageId, Reason reason) {

    /** Why a copy is passed over. */
    public enum Reason {
        /** Its time was over before it could be written. */
        EXPIRED,
        /** A newer one of its collapse key waits for the same write. */
        COLLAPSED
    }
}
