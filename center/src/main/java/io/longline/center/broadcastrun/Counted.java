package io.longline.center.broadcastrun;

import io.longline.center.job.RoomProgress;

/**
 * What a room answers.
 *
 * @param incarnation 0: it does not say
 */
record Counted(long incarnation, RoomProgress progress) {}
