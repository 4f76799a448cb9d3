/**
 * What a back end asks to be sent, read from a request body and checked whole.
 *
 * <p>{@link io.longline.center.push.PushBody} turns bytes into a {@link io.longline.center.push.Push}, or tells everything that is
 * wrong with them at once. Values only, no network; used by the flows on their virtual threads.
 */
@NullMarked
package io.longline.center.push;

import org.jspecify.annotations.NullMarked;
