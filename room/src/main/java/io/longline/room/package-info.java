/**
 * The room: holds the links of clients and brings messages to them. {@link io.longline.room.RoomServer} from top to bottom is
 * what it is made of and the order in which it starts; {@link io.longline.room.RoomMetrics} is used by all packages below.
 */
@NullMarked
package io.longline.room;

import org.jspecify.annotations.NullMarked;
