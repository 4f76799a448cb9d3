package io.longline.saver.topic;

/**
 * What the store answered to somebody who read.
 *
 * @param after where he began
 * @param nowMs the time of the store
 * @param last the offset that was given last in the topic, as far as he may read; 0: none
 * @param readable likewise, as far as everybody may
 * @param cuts another number, and a higher one, whenever a message was taken out of the log
 * @param trimmed the highest one that left before its time was over, 0: none did
 */
record LogRead(long after, long nowMs, long last, long readable, long cuts, long trimmed, LogPage page) {}
