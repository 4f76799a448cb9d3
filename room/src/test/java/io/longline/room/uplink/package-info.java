/** Tests of the limits of uplinks. */
@NullMarked
package io.longline.room.uplink;

import org.jspecify.annotations.NullMarked;
