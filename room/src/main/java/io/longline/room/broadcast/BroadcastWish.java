package io.longline.room.broadcast;

/** What a job wants a room to do with its broadcast. */
public enum BroadcastWish {
    /** Send it, at a share of the pace, for a while. */
    SEND,
    /** Let nobody have it who was not let before. */
    REST,
    /** Everybody may have it from now on. */
    OVER,
    /** Nobody is sent it any more. */
    DROP
}
