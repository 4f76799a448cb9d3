/**
 * A room died: its incarnation may bind nothing any more, and its routes are taken away. {@link
 * io.longline.register.deadrooms.DeadRooms} looks whenever the rooms in ZooKeeper change, {@link
 * io.longline.register.deadrooms.DeadRoomPolicy} decides, {@link io.longline.register.deadrooms.RedisDeadRoomStore} and
 * {@code sweep.lua} carry it out.
 *
 * <p>Owned by the thread of one {@link io.longline.keeper.lease.LeasedLoop}.
 */
@NullMarked
package io.longline.register.deadrooms;

import org.jspecify.annotations.NullMarked;
