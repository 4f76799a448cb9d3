/**
 * What waits for back ends and does not fit into Redis: {@link io.longline.coordinator.backlog.BacklogFlow} moves it to MySQL, through saver,
 * and back, for the shards whose outbox lease is held here. What comes in when a stream is half full goes into its tail, behind it; from the
 * tail it goes to MySQL, and from there into the stream, in the order of seq.
 *
 * <p>Of a shard one thread at a time moves something, a virtual one.
 */
@NullMarked
package io.longline.coordinator.backlog;

import org.jspecify.annotations.NullMarked;
