/**
 * Leases: what must run once per cluster or shard runs while its process holds a lease.
 *
 * <p>A lease is an ephemeral ZooKeeper node. It ends as soon as the connection is in doubt; its fencing number lets a
 * store refuse a former holder that has not noticed. Any thread may acquire, ask and close.
 */
@NullMarked
package io.longline.keeper.lease;

import org.jspecify.annotations.NullMarked;
