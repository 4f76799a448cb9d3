/**
 * {@code POST /v1/broadcasts}: {@link io.longline.center.broadcast.BroadcastHttp} reads one, {@link
 * io.longline.center.broadcast.BroadcastFlow} queues it as a job. Who carries it out is in {@code broadcastrun}; what becomes of it, {@code
 * job} tells. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.broadcast;

import org.jspecify.annotations.NullMarked;
