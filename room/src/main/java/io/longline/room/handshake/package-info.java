/**
 * How a wish to bind becomes a session: the ordered list of steps in {@link io.longline.room.handshake.Handshake}, run on a
 * virtual thread behind a bound; and how the register hears that a session is gone ({@link
 * io.longline.room.handshake.Unbinder}), or on another network ({@link io.longline.room.handshake.Networks}).
 *
 * <p>Called by conversations. The steps block; sessions and links they touch only on the link's loop.
 */
@NullMarked
package io.longline.room.handshake;

import org.jspecify.annotations.NullMarked;
