package io.longline.center.broadcastrun;

import io.longline.center.job.RoomProgress;
import java.util.List;

/**
 * What a room answers.
 *
 * @param incarnation 0: it does not say
 * @param behind of each that is sent with it, as it was asked; empty: none is, or the room knows of no such thing
 */
record Counted(long incarnation, RoomProgress progress, List<RoomProgress> behind) {}
