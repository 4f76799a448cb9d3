/**
 * Tests of the client. Those that end in {@code IT} run it against {@code TestRoom} and {@code TestDispatcher}: real sockets and frames,
 * with the test deciding what the room does. Each has its own client and threads, and closes them.
 */
@NullMarked
package io.longline.sdk;

import org.jspecify.annotations.NullMarked;
