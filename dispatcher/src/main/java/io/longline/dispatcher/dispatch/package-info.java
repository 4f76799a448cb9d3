/**
 * Which rooms, in which order, with which client settings. {@link io.longline.dispatcher.dispatch.DispatchHttp} reads the question and
 * writes the answer; {@link io.longline.dispatcher.dispatch.Ring} orders the rooms for a user, {@link
 * io.longline.dispatcher.dispatch.AddressList} turns them into addresses. Pure functions over one immutable list of members; any thread.
 */
@NullMarked
package io.longline.dispatcher.dispatch;

import org.jspecify.annotations.NullMarked;
