package io.longline.saver.quota;

/**
 * What a center was granted.
 *
 * @param messages 0: none
 * @param retryMs after which it is worth asking again
 * @param dayOver the quota of the day lacks, not the rate
 */
record Grant(long messages, long retryMs, boolean dayOver) {}
