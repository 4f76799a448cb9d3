package io.longline.saver.schedule;

/**
 * What became of the wish to recall a message.
 *
 * @param atMs when it was recalled first
 * @param now whether by this call
 */
record CancelOutcome(Kind kind, long atMs, boolean now) {

    enum Kind {
        DONE,
        /** Somebody is sending it. */
        BEGUN,
        /** There is none, or it was sent. */
        NOTHING
    }
}
