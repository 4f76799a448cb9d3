/**
 * What center's tests stand on: the other services as small real RPC servers that keep maps, announced in a real ZooKeeper, and an HTTP
 * client.
 */
@NullMarked
package io.longline.center.kit;

import org.jspecify.annotations.NullMarked;
