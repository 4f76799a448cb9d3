/**
 * A shard whose mark does not name the Redis that holds it is lost, and is filled again: devices and what they follow from the journal, routes
 * from the living rooms, what is there is left as it is, the mark comes last. {@link
 * io.longline.register.rebuild.RebuildFlow} is the whole of it; the scripts stand beside {@link
 * io.longline.register.rebuild.RedisRebuildStore} in the resources.
 *
 * <p>Runs in one register at a time, on the thread of a {@link io.longline.keeper.lease.LeasedLoop} and threads that end
 * before it goes on.
 */
@NullMarked
package io.longline.register.rebuild;

import org.jspecify.annotations.NullMarked;
