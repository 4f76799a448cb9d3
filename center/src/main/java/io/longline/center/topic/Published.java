package io.longline.center.topic;

/**
 * Where a message stands in the log of its topic.
 *
 * @param before the offset given last before it in this topic; 0: none
 * @param repeated it was there already
 */
record Published(long offset, long before, long sentAtMs, boolean repeated) {}
