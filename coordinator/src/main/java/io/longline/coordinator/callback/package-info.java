/**
 * How back ends are called: each {@link io.longline.coordinator.callback.Gate} is one callback of a product, with its own connections, breaker
 * and limit of requests, so that one which is slow, down or hostile costs no other anything. Calls block, on virtual threads.
 */
@NullMarked
package io.longline.coordinator.callback;

import org.jspecify.annotations.NullMarked;
