/**
 * Clients that ask who is online, where their product allows it: on their way to the register. {@link io.longline.room.presence.Asks} of a loop
 * is called by its conversations, on that loop alone. Who comes and goes is not told here.
 */
@NullMarked
package io.longline.room.presence;

import org.jspecify.annotations.NullMarked;
