/**
 * Who is let in, decided when a socket has been accepted and before a byte of it is read: by its network, by how many are in, and by
 * what its address has taken already. The rules change while the room runs. Thread-safe.
 */
@NullMarked
package io.longline.room.transport.door;

import org.jspecify.annotations.NullMarked;
