package io.longline.register.endpoint;

/** Where a session is: in which start of which room, and there in which slot of which event loop. */
public record Place(Incarnation incarnation, int loop, int slot, int slotGeneration) {

    /** "room incarnation loop slot slot_generation", as it is written in Redis; no room has a space in its name. */
    @Override
    public String toString() {
        return incarnation.room() + " " + incarnation.number() + " " + loop + " " + slot + " " + slotGeneration;
    }
}
