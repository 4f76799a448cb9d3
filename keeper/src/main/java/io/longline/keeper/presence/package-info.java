/**
 * How what is told of who comes and goes is called in Redis: register's scripts note what changed, and the coordinator tells it.
 *
 * <p>Constants; any thread.
 */
@NullMarked
package io.longline.keeper.presence;

import org.jspecify.annotations.NullMarked;
