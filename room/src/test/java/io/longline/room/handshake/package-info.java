@NullMarked
package io.longline.room.handshake;

import org.jspecify.annotations.NullMarked;
