package io.longline.saver.inbox;

/**
 * Who reads how much of an inbox.
 *
 * @param after the seq after which it reads
 * @param limit messages, at most
 * @param generation of the session that reads; 0: none does
 * @param begins whether this is the first that the session reads
 */
record Reading(long after, int limit, long generation, boolean begins) {

    /** A session begins. */
    static Reading first(int limit, long generation) {
        return new Reading(0, limit, generation, generation > 0);
    }

    static Reading further(long after, int limit, long generation) {
        return new Reading(after, limit, generation, false);
    }
}
