/**
 * TCP proxies that stand before the listening ports of a cluster on one machine, and make its network a bad one. Who opened
 * a connection is told by the process that owns the other end of it. {@link io.longline.deploy.proxy.Network} is the
 * entrance. Each connection has virtual threads of its own; what they hold is bounded, so back-pressure passes through.
 */
@NullMarked
package io.longline.deploy.proxy;

import org.jspecify.annotations.NullMarked;
