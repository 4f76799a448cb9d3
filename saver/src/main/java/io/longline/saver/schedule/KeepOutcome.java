package io.longline.saver.schedule;

/** What became of the wish to keep a message. */
enum KeepOutcome {
    NEW,
    /** It is kept already. */
    AGAIN,
    /** It was kept, and has been sent or recalled since. */
    OVER,
    /** The id was claimed for another body. */
    CONFLICT,
    /** It would be new, and there is no memory for it. */
    NO_ROOM
}
