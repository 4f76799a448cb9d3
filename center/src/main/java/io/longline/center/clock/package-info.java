/**
 * The time that messages are stamped with: {@link io.longline.center.clock.StoreClock}. It is that of the Redis behind saver, by which
 * ends are measured there, so that a center whose own clock is wrong lets no message live too long or too short. Any thread.
 */
@NullMarked
package io.longline.center.clock;

import org.jspecify.annotations.NullMarked;
