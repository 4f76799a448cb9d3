/**
 * The event loops of a room and what holds for every socket on them, whatever kind of link it becomes: who is a {@link
 * io.longline.room.transport.loop.Guest} of a loop, what a socket meets at the {@link io.longline.room.transport.loop.Entrance},
 * and the {@link io.longline.room.transport.loop.Pulse} that notices a stop of the process.
 */
@NullMarked
package io.longline.room.transport.loop;

import org.jspecify.annotations.NullMarked;
