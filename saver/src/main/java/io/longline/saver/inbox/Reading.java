package io.longline.saver.inbox;

/**
 * Who reads how much of an inbox.
 *
 * @param after the seq after which it reads
 * @param limit messages, at most
 * @param generation of the session that reads; 0: none does
 * @param begins whether this is the first that the session reads
 * @param room of the session
 */
record Reading(long after, int limit, long generation, boolean begins, String room) {

    /** A session begins. */
    static Reading first(int limit, long generation, String room) {
        return new Reading(0, limit, generation, generation > 0, room);
    }

    static Reading further(long after, int limit, long generation, String room) {
        return new Reading(after, limit, generation, false, room);
    }
}
