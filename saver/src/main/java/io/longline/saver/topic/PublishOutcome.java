package io.longline.saver.topic;

/** What a log says to a message. */
sealed interface PublishOutcome {

    /**
     * It is there.
     *
     * @param before the offset that was given last before it in this topic, 0: none
     * @param repeated it was there already
     */
    record Published(long offset, long before, boolean repeated, long sentAtMs, long expiresAtMs)
            implements PublishOutcome {}

    /** It is a new one, and there is no memory for it. */
    record NoRoom() implements PublishOutcome {}
}
