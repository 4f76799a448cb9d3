package io.longline.coordinator.replaced;

/**
 * A session that lost its endpoint, and does not know yet.
 *
 * @param entry where it stands in the stream
 * @param cause to whom
 * @param place where the session is
 * @param generation of the session; a room that has another one there leaves it alone
 */
record Replaced(Entry entry, Cause cause, Place place, long generation) {

    /** An entry of a shard's event stream. */
    record Entry(int shard, String id) {}

    /** What its client is told. */
    enum Cause {
        REPLACED("replaced", 3501, "replaced by a newer session"),
        FORGOTTEN("forgotten", 3502, "the device was forgotten");

        private final String type;
        private final int code;
        private final String reason;

        Cause(String type, int code, String reason) {
            this.type = type;
            this.code = code;
            this.reason = reason;
        }

        /** As it stands in the stream. */
        String type() {
            return type;
        }

        int code() {
            return code;
        }

        String reason() {
            return reason;
        }
    }

    /** Where a session is: in which start of which room, and there in which slot of which event loop. */
    record Place(String room, long incarnation, int loop, int slot, int slotGeneration) {}
}
