/**
 * The connection to Redis, used by the {@code Redis*} classes of the services that own keys there.
 *
 * <p>A connection and the {@code run_id} of the Redis behind it are one immutable pair: no script ever runs with the
 * run_id of another Redis. Commands are asynchronous and complete on lettuce's threads, which must never be blocked; wait
 * for them on virtual threads with {@link io.longline.keeper.redis.RedisStore#await}.
 */
@NullMarked
package io.longline.keeper.redis;

import org.jspecify.annotations.NullMarked;
