/**
 * One message to many sessions ({@link io.longline.room.fanout.Everybody}). Each loop walks over its own sessions in pieces, so that
 * reads, heartbeats and single pushes keep their turn. Nothing is kept about a session here. {@link
 * io.longline.room.fanout.FanoutGrpcService} is the entrance for topics, too.
 */
@NullMarked
package io.longline.room.fanout;

import org.jspecify.annotations.NullMarked;
