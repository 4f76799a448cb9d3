/**
 * Many pushes in one request: one message to a list of users, a list of messages. Each entry succeeds or fails by itself; a request whose
 * frame is wrong is refused whole and does nothing.
 */
@NullMarked
package io.longline.center.many;

import org.jspecify.annotations.NullMarked;
