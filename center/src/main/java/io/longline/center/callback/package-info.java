/** Where a product's back ends are told of things: read and set over HTTP, kept with the product in ZooKeeper, called by coordinators. */
@NullMarked
package io.longline.center.callback;

import org.jspecify.annotations.NullMarked;
