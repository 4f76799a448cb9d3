/** Tests of the door without sockets. */
@NullMarked
package io.longline.room.transport.door;

import org.jspecify.annotations.NullMarked;
