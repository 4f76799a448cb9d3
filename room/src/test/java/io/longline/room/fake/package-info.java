/** Stand-ins for a loop and a link, made by hand, for tests without network. One thread uses them. */
@NullMarked
package io.longline.room.fake;

import org.jspecify.annotations.NullMarked;
