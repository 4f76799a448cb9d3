/**
 * Who has been silent for too long. One {@link io.longline.room.heartbeat.Heartbeat} an event loop, touched on that loop
 * alone: an array of times that is swept in slices, instead of a timer for each link. Only transports use it.
 */
@NullMarked
package io.longline.room.heartbeat;

import org.jspecify.annotations.NullMarked;
