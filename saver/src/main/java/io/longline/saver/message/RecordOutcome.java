package io.longline.saver.message;

/** What became of the wish to record to whom a message went. */
enum RecordOutcome {
    DONE,
    /** Likewise; it was recalled meanwhile. */
    RECALLED,
    /** The id was claimed for another body meanwhile, and nothing was recorded. */
    CONFLICT
}
