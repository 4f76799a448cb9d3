package io.longline.room.broadcast;

import io.longline.room.session.Message;

/**
 * One job that an order is about.
 *
 * @param offset of its message in the log of its topic
 * @param before the offset given last before it, 0: there is none; {@link BroadcastOrder#UNKNOWN}: the job does not know
 * @param run which turn of the job this is of; what an earlier one asked counts no more
 */
public record BroadcastJob(String id, long offset, long before, Message message, long run) {}
