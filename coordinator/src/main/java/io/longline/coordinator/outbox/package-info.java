/**
 * What back ends are to be told, from where it waits in Redis to their callbacks: {@link io.longline.coordinator.outbox.OutboxFlow} has a
 * reader for each shard, which holds the shard's lease and posts what waits, in order for each endpoint. What is told, and how it came
 * there, is no matter of this package.
 *
 * <p>A shard's streams are touched by its reader alone, a virtual thread; each request to a callback has one of its own.
 */
@NullMarked
package io.longline.coordinator.outbox;

import org.jspecify.annotations.NullMarked;
