package io.longline.room.session;

/** A message at its position in an inbox. */
public record StoredMessage(long seq, Message message) {}
