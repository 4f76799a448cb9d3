/**
 * A whole cluster on one machine: its stores, its first product, all services, and what other commands need to find it.
 *
 * <p>{@link io.longline.deploy.cluster.LocalCluster} is what {@code longline up} and every cluster test start. It is
 * owned by the thread that starts and closes it; its accessors may be called from any.
 */
@NullMarked
package io.longline.deploy.cluster;

import org.jspecify.annotations.NullMarked;
