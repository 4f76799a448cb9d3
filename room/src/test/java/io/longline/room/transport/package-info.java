/** Tests of what all links have in common. */
@NullMarked
package io.longline.room.transport;

import org.jspecify.annotations.NullMarked;
