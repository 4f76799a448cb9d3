package io.longline.center.broadcastrun;

/** What a room is asked to do with a broadcast. */
enum Wish {
    /** At its share, for a while. */
    SEND,
    /** Not before it is asked to again. */
    REST,
    /** Everybody may have it from now on. */
    OVER,
    /** Nobody is to have it any more. */
    DROP
}
