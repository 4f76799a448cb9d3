/** What this center took and refused, counted in memory by whoever takes and refuses. */
@NullMarked
package io.longline.center.traffic;

import org.jspecify.annotations.NullMarked;
