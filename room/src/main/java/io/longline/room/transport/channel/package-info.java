/**
 * Links on Netty channels: one port, told apart by its first bytes ({@link io.longline.room.transport.channel.FirstBytes}),
 * native frames or a WebSocket after its upgrade. The only package of the room that knows of channels and pipelines. A
 * channel's handlers run on its event loop alone.
 */
@NullMarked
package io.longline.room.transport.channel;

import org.jspecify.annotations.NullMarked;
