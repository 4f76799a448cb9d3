package io.longline.coordinator.replaced;

/**
 * A session that lost its endpoint to a newer one, and does not know yet.
 *
 * @param entry where it stands in the stream
 * @param place where the session is
 * @param generation of the session; a room that has another one there leaves it alone
 */
record Replaced(Entry entry, Place place, long generation) {

    /** An entry of a shard's event stream. */
    record Entry(int shard, String id) {}

    /** Where a session is: in which start of which room, and there in which slot of which event loop. */
    record Place(String room, long incarnation, int loop, int slot, int slotGeneration) {}
}
