/**
 * Products, the tenants of a cluster: their limits and secrets, kept in ZooKeeper and watched by every service.
 *
 * <p>{@link io.longline.keeper.product.Product} is immutable; ask {@link io.longline.keeper.product.Products} each time
 * instead of keeping one. Look-ups are a map access and may be made from event loops.
 */
@NullMarked
package io.longline.keeper.product;

import org.jspecify.annotations.NullMarked;
