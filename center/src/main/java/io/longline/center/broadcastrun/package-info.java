/**
 * What carries out broadcasts. {@link io.longline.center.broadcastrun.BroadcastRun} has one until it is done: {@link
 * io.longline.center.broadcastrun.BroadcastHold} says how long it is ours, {@link io.longline.center.broadcastrun.Rooms} asks and listens, {@link
 * io.longline.center.broadcastrun.Shares} knows who may send how fast, {@link io.longline.center.broadcastrun.BroadcastEnd} sees to
 * it that nobody sends when somebody else is to go on. Each has a virtual thread of its own; {@code jobrun} takes the jobs and calls it.
 */
@NullMarked
package io.longline.center.broadcastrun;

import org.jspecify.annotations.NullMarked;
