package io.longline.saver.topic;

/**
 * What the store answered to somebody who read.
 *
 * @param after where he began
 * @param nowMs the time of the store
 * @param last the offset that was given last in the topic, 0: none
 * @param trimmed the highest one that left before its time was over, 0: none did
 */
record LogRead(long after, long nowMs, long last, long trimmed, LogPage page) {}
