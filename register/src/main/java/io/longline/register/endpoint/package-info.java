/**
 * The words register works with: an endpoint, the place and incarnation it is bound at, the route that says so, a topic that it
 * follows, and under which Redis keys all that is kept.
 *
 * <p>Immutable values, for every package of register. Generated messages stop at {@link
 * io.longline.register.endpoint.Wire}: what has passed it is valid, so ids can be joined and split again in Redis.
 */
@NullMarked
package io.longline.register.endpoint;

import org.jspecify.annotations.NullMarked;
