/**
 * What a product was told of who comes and goes, for its back ends to read: {@link io.longline.center.presence.PresenceHttp} asks a
 * coordinator for the events, or for a snapshot and the event up to which it is true.
 *
 * <p>Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.presence;

import org.jspecify.annotations.NullMarked;
