/**
 * Sessions that a back end ends, and users and devices that may not be bound for a time. The entrance {@link
 * io.longline.register.kick.KickGrpcService} leads over {@link io.longline.register.kick.KickFlow} to {@code kick.lua}; what it leaves,
 * {@code kicks.lua} says, and {@code bind.lua} reads. The coordinator carries the ends to the rooms.
 *
 * <p>Called by centers. Everything runs on the virtual threads of the RPC server and keeps no state between calls.
 */
@NullMarked
package io.longline.register.kick;

import org.jspecify.annotations.NullMarked;
