/**
 * coordinator: what goes to rooms without anyone waiting for it. {@link io.longline.coordinator.CoordinatorServer}, read from top to
 * bottom, is the start order.
 *
 * <p>Everything runs on virtual threads; what is not done yet stands in Redis, so any coordinator may die.
 */
@NullMarked
package io.longline.coordinator;

import org.jspecify.annotations.NullMarked;
