/**
 * center: the HTTP API for back ends and operators. {@link io.longline.center.CenterServer}, read from top to bottom, is the start order
 * and the list of what is answered.
 *
 * <p>Everything runs on virtual threads, one a request. A message is held no longer than its flow takes.
 */
@NullMarked
package io.longline.center;

import org.jspecify.annotations.NullMarked;
