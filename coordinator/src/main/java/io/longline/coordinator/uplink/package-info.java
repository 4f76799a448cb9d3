/**
 * What clients send to back ends. {@link io.longline.coordinator.uplink.UplinkGrpcService} takes uplinks from rooms into Redis Streams; {@link
 * io.longline.coordinator.uplink.UplinkFlow} has a reader for each shard, which holds the shard's lease and posts what waits to the
 * product's callbacks, in order for each endpoint. Start reading there.
 *
 * <p>A shard's streams are touched by its reader alone, a virtual thread; each request to a callback has one of its own.
 */
@NullMarked
package io.longline.coordinator.uplink;

import org.jspecify.annotations.NullMarked;
