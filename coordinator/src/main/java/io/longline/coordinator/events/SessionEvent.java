package io.longline.coordinator.events;

/**
 * Something that happened to a session, and that its room does not know yet.
 *
 * @param entry where it stands in the stream
 * @param type what happened
 * @param place where the session is
 * @param generation of the session; a room that has another one there leaves it alone
 * @param reason that its client is told
 */
record SessionEvent(Entry entry, Type type, Place place, long generation, String reason) {

    /** An entry of a shard's event stream. */
    record Entry(int shard, String id) {}

    /** What happened. */
    enum Type {
        /** A newer session has the endpoint. */
        REPLACED("replaced", "replaced by a newer session"),
        /** A back end had the device forgotten; or, where a reason stands there, it kicked the user or the device. */
        FORGOTTEN("forgotten", "the device was forgotten"),
        /** A back end had the user follow a topic, or no longer. */
        FOLLOWS("follows", "");

        private final String word;
        private final String reason;

        Type(String word, String reason) {
            this.word = word;
            this.reason = reason;
        }

        /** Of an event that has none of its own. */
        String reason() {
            return reason;
        }

        /** As it stands in the stream. */
        String word() {
            return word;
        }
    }

    /** Where a session is: in which start of which room, and there in which slot of which event loop. */
    record Place(String room, long incarnation, int loop, int slot, int slotGeneration) {}
}
