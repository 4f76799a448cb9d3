/**
 * Where events wait for back ends, in Redis: one stream for each shard, product and kind of callback, in the slot of the shard. Whoever has
 * something to tell puts it there with {@code append.lua}, in the same script as what it tells of; the coordinator carries it on. Only names
 * are here, without a thread.
 */
@NullMarked
package io.longline.keeper.outbox;

import org.jspecify.annotations.NullMarked;
