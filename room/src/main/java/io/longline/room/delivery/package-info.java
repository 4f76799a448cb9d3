/**
 * The last hop: hints come in ({@link io.longline.room.delivery.DeliveryGrpcService}, {@link
 * io.longline.room.delivery.Delivery}), inboxes are read where hints do not suffice ({@link
 * io.longline.room.delivery.InboxReader}), acks go out ({@link io.longline.room.delivery.AckHandler}, {@link
 * io.longline.room.delivery.AckForwarder}).
 *
 * <p>{@link io.longline.room.delivery.RoomLoop} holds what one event loop has; it and what it holds are touched on that loop
 * alone. {@code Delivery} may be called from any thread.
 */
@NullMarked
package io.longline.room.delivery;

import org.jspecify.annotations.NullMarked;
