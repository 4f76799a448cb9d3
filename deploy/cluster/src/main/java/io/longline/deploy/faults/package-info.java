/**
 * A cluster to break: every service and every store is a process that can be killed, stopped and started again, and every
 * connection between them may lead through a proxy that delays, starves, swallows or resets it. For tests and for {@code
 * longline bench}; start at {@link io.longline.deploy.faults.FaultCluster}.
 */
@NullMarked
package io.longline.deploy.faults;

import org.jspecify.annotations.NullMarked;
