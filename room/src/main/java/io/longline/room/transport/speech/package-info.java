/**
 * What is spoken on a socket, as pure functions of bytes: what the first ones say, the head of an HTTP request and its answer, the
 * heads of WebSocket frames, and frames as WebSocket messages. Every kind of link uses it; nothing here knows of sockets.
 */
@NullMarked
package io.longline.room.transport.speech;

import org.jspecify.annotations.NullMarked;
