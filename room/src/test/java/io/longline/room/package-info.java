/** Tests of the room's configuration. */
@NullMarked
package io.longline.room;

import org.jspecify.annotations.NullMarked;
