package io.longline.room.session;

/**
 * Where a session is, as the register stores it and a hint is routed by.
 *
 * @param incarnation which start of the room, or which of its ZooKeeper sessions
 * @param loop the event loop
 * @param slot in the loop's table
 */
public record Place(String room, long incarnation, int loop, int slot, int slotGeneration) {}
