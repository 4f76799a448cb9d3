/**
 * The client: finds a room, binds one or more endpoints, and hands each message to the app once and in order.
 * {@link io.longline.sdk.LonglineClient#builder()} is where an app begins.
 *
 * <p>A client has two daemon threads. {@code longline-link} asks the dispatcher, connects, reads and pings; {@code longline-app} makes
 * every call to the app but that for a token, one after the other, and records what is finished with. Both may write to the link.
 * No class here needs more than Android 26 has.
 */
@NullMarked
package io.longline.sdk;

import org.jspecify.annotations.NullMarked;
