/** Tests of lean links over real sockets, without the rest of a room. */
@NullMarked
package io.longline.room.transport.lean;

import org.jspecify.annotations.NullMarked;
