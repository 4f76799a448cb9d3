/**
 * What operators ask center for: products and the cluster's nodes, both kept in ZooKeeper. Blocking, on the request's virtual thread.
 */
@NullMarked
package io.longline.center.admin;

import org.jspecify.annotations.NullMarked;
