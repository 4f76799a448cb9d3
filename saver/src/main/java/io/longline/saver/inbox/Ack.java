package io.longline.saver.inbox;

/**
 * Everything up to a seq is acknowledged.
 *
 * @param room to which; empty: to nobody known
 * @param generation of the session that did; 0: not known
 */
record Ack(long seq, String room, long generation) {}
