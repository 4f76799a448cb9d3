/**
 * What clients send to back ends, on its way to a coordinator: looked at, within the limits of session and product, those of a session one
 * after the other. {@link io.longline.room.uplink.Uplinks} of a loop is called by its conversations, on that loop alone.
 */
@NullMarked
package io.longline.room.uplink;

import org.jspecify.annotations.NullMarked;
