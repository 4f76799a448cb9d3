/** Where clients come in: the ports of a room, and which kind of link is made of what connects. */
@NullMarked
package io.longline.room.transport.port;

import org.jspecify.annotations.NullMarked;
