package io.longline.coordinator.audit;

/** Where a session is: in which start of which room, and there in which slot of which event loop. */
record Place(String room, long incarnation, int loop, int slot, int slotGeneration) {}
