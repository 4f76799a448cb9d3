/**
 * Work that must not block its caller: {@link io.longline.keeper.pool.BoundedPool} runs it on virtual threads, so many at a
 * time, and says what happens beyond that. Everybody may submit, from any thread; with {@code WAIT} not from an event loop.
 */
@NullMarked
package io.longline.keeper.pool;

import org.jspecify.annotations.NullMarked;
