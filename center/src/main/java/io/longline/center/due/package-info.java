/**
 * What sends a message when it is due. One center at a time, under a lease, asks what is due ({@link io.longline.center.due.DueRound}); each
 * message is sent by {@link io.longline.center.due.DueFlow} on a virtual thread of its own, as if it had come in at that moment. Nobody calls it.
 */
@NullMarked
package io.longline.center.due;

import org.jspecify.annotations.NullMarked;
