/**
 * Real stores for a cluster on one machine and for tests: Redis and MariaDB as processes of their own, ZooKeeper in this
 * process. Each keeps its data in a folder, so that it can be stopped, killed and started again on what it had.
 *
 * <p>A store process writes its pid beside its data; the next start on that folder ends a process which an earlier,
 * killed owner left. Used by {@code deploy/cluster} and, in test scope, by every module. Every method blocks; one thread
 * at a time owns a store.
 */
@NullMarked
package io.longline.stores;

import org.jspecify.annotations.NullMarked;
