package io.longline.saver.message;

import java.util.List;

/**
 * What a claim of a message id is told.
 *
 * @param firstMs when the first claim was made
 * @param recalled since
 * @param chosen of the targets that it is asked for now, those of which a device was chosen
 */
record ClaimOutcome(Kind kind, long firstMs, boolean recalled, List<ClaimedTarget> chosen) {

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
