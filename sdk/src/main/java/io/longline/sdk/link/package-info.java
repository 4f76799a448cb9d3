/**
 * One native link to a room: a socket, with or without TLS, and the frame codec on it. Inner side of the sdk; apps do not call it.
 * The thread {@code longline-link} opens, reads and closes; writing is open to any thread.
 */
@NullMarked
package io.longline.sdk.link;

import org.jspecify.annotations.NullMarked;
