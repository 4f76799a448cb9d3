package io.longline.room.session;

import org.jspecify.annotations.Nullable;

/**
 * Somebody stored something for a session and says so. The inbox is the truth; a hint makes it fast.
 *
 * @param seq 0: QoS 0, which is in no inbox
 * @param before the highest seq still in the inbox below {@code seq}, 0 if none
 * @param message absent: it is to be loaded
 */
public record Hint(long seq, long before, @Nullable Message message) {}
