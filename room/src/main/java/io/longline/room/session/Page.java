package io.longline.room.session;

import java.util.List;

/**
 * A piece of an inbox, as the saver read it.
 *
 * @param messages in order of seq
 * @param more there is something after {@code upto}
 * @param upto everything above what was asked for and up to here is in {@code messages}, or gone
 */
public record Page(List<StoredMessage> messages, boolean more, long upto) {}
