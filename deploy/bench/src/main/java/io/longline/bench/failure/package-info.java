/**
 * What {@code longline bench} measures: how long a cluster of processes takes to recover when one of them is killed under
 * flow ({@link io.longline.bench.failure.Recover}) and to fill an emptied Redis again ({@link io.longline.bench.failure.Rebuild}), and
 * what slow commits do to whoever does not wait for them ({@link io.longline.bench.failure.Commits}). Each run starts a cluster of
 * its own by the fault kit. The thread that runs a bench owns it.
 */
@NullMarked
package io.longline.bench.failure;

import org.jspecify.annotations.NullMarked;
