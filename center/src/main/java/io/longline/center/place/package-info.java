/**
 * Where endpoints were seen last: {@link io.longline.center.place.PlaceCache}. A push of QoS 0 is led by it where register, or Redis
 * behind it, is away; nothing else is. Bounded; any thread.
 */
@NullMarked
package io.longline.center.place;

import org.jspecify.annotations.NullMarked;
