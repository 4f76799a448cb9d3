package io.longline.room.session;

/** A copy that expired before it could be written. The saver must hear of it before it hears of an ack beyond it. */
public record Drop(long seq, String messageId) {}
