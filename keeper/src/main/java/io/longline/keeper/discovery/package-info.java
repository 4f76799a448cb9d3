/**
 * Who is there: every process announces itself in an ephemeral ZooKeeper node and sees the others of each service.
 *
 * <p>{@link io.longline.keeper.discovery.ZkSession} is the one connection of a process to ZooKeeper; configuration,
 * products and leases use it too. While ZooKeeper is away the last known members stay. Each watch has a thread of its
 * own, so a slow listener delays nobody else.
 */
@NullMarked
package io.longline.keeper.discovery;

import org.jspecify.annotations.NullMarked;
