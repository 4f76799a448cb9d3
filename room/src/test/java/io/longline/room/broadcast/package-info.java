@NullMarked
package io.longline.room.broadcast;

import org.jspecify.annotations.NullMarked;
