/**
 * What is said on one link: {@code hello} and {@code welcome}, binds and unbinds, subscribes, acks, pings. A {@link
 * io.longline.room.conversation.Conversation} per link, made by the {@link io.longline.room.conversation.Reception}, on the
 * link's loop alone; what takes time goes to the handshake and comes back to the loop.
 */
@NullMarked
package io.longline.room.conversation;

import org.jspecify.annotations.NullMarked;
