/** Time that nobody sets. */
@NullMarked
package io.longline.keeper.time;

import org.jspecify.annotations.NullMarked;
