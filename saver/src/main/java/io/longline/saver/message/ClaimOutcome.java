package io.longline.saver.message;

/**
 * What a claim of a message id is told.
 *
 * @param firstMs when the first claim was made
 * @param recalled since
 */
record ClaimOutcome(Kind kind, long firstMs, boolean recalled) {

    enum Kind {
        NEW,
        /** Claimed before for the same body, but never answered: to be run again. */
        AGAIN,
        /** It has its answer. */
        RECORDED,
        /** Claimed for another body. */
        CONFLICT,
        /** It would be new, and there is no memory for it. */
        NO_ROOM
    }
}
