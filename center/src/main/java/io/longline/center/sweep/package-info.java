/**
 * What makes lost hints good. One center at a time, under a lease, runs {@link io.longline.center.sweep.UnsentSweep} on a virtual thread
 * of its own; nobody calls it.
 */
@NullMarked
package io.longline.center.sweep;

import org.jspecify.annotations.NullMarked;
