package io.longline.center.schedule;

import java.util.List;

/**
 * What was due in a shard.
 *
 * @param waiting all that are kept there, due or not
 * @param more whether more are due
 */
public record DuePage(List<DuePush> messages, long waiting, boolean more) {}
