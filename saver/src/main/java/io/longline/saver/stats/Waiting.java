package io.longline.saver.stats;

/**
 * What waits in a shard.
 *
 * @param inboxes of all products
 * @param lookedAt of them
 * @param messages of one product, in those
 * @param kept messages of all products that are to be sent later
 * @param keptLookedAt of them
 * @param keptMessages of one product, among those
 */
record Waiting(long inboxes, long lookedAt, long messages, long kept, long keptLookedAt, long keptMessages) {}
