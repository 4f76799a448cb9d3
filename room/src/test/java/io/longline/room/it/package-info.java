/**
 * A whole room on real sockets, with a real ZooKeeper, and with a register and a saver that are real gRPC servers and keep
 * what they know in maps.
 */
@NullMarked
package io.longline.room.it;

import org.jspecify.annotations.NullMarked;
