/**
 * What the rest of the room knows of a connection: a {@link io.longline.room.transport.Link} to write frames to, a {@link
 * io.longline.room.transport.LinkListener} that is told what comes, and the {@link io.longline.room.transport.Loop} that
 * both belong to. How a link is made of a socket is the business of the packages below this one; nothing outside of them
 * knows of channels.
 */
@NullMarked
package io.longline.room.transport;

import org.jspecify.annotations.NullMarked;
