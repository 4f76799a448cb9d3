/**
 * Work that one register at a time does for all of them, again and again: {@link io.longline.register.lease.LeasedLoop}.
 * Each loop owns one virtual thread; any thread may wake it.
 */
@NullMarked
package io.longline.register.lease;

import org.jspecify.annotations.NullMarked;
