package io.longline.saver.job;

/**
 * A message to a long list.
 *
 * @param createdAtMs when its message was sent, by the time of Redis
 * @param endsAtMs of its time to live
 * @param ratePerS targets; 0: as fast as its product may
 * @param targeted targets in the list
 * @param reason what it waits for, or why it ended; empty: nothing special
 * @param recalled what it has sent is to be recalled, or was
 * @param held somebody works on it
 */
record Job(
        String product,
        String id,
        String messageId,
        JobState state,
        long createdAtMs,
        long endsAtMs,
        int ratePerS,
        int targeted,
        Progress progress,
        String reason,
        boolean recalled,
        boolean held) {}
