/**
 * Values that change while the process runs, and those who want to be told.
 *
 * <p>Used inside keeper by what watches ZooKeeper or Redis. Each follower has a thread of its own, so that a slow one
 * delays nobody.
 */
@NullMarked
package io.longline.keeper.follow;

import org.jspecify.annotations.NullMarked;
