package io.longline.coordinator.presence;

import java.util.List;

/**
 * What came of a look at a shard's changes.
 *
 * @param online and offline: how many were told so
 * @param flaps that nobody was told of
 * @param marks of changes that are left
 * @param overdueMs for how long the oldest should have been told; 0 where none is
 * @param isFull there was no room for more
 * @param events on their way to the product's log, in their order
 */
record Told(int online, int offline, int flaps, int marks, long overdueMs, boolean isFull, List<ShardEvent> events) {

    /**
     * One that was told.
     *
     * @param seq greater than those before it in its shard
     * @param device empty where it is about the user
     */
    record ShardEvent(long seq, String type, String user, String device, long generation, String reason, long atMs) {}
}
