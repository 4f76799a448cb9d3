/**
 * What {@code longline bench} measures: how long a cluster of processes takes to recover when one of them is killed under
 * flow ({@link io.longline.deploy.bench.Recover}) and to fill an emptied Redis again ({@link io.longline.deploy.bench.Rebuild}), and
 * what slow commits do to whoever does not wait for them ({@link io.longline.deploy.bench.Commits}). Each run starts a cluster of
 * its own by the fault kit. The thread that runs a bench owns it.
 */
@NullMarked
package io.longline.deploy.bench;

import org.jspecify.annotations.NullMarked;
