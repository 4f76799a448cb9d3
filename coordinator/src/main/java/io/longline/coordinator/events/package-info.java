/**
 * What happened to sessions. Register notes in its event streams which session lost its endpoint, to a newer one or because the device
 * was forgotten, and whose user follows other topics by a back end's wish; {@link io.longline.coordinator.events.EventFlow} carries each
 * note to the room that holds the session, until the room has answered or is gone. Start reading there.
 *
 * <p>One thread reads the streams, one a room ({@link io.longline.coordinator.events.RoomLane}) carries; all virtual.
 */
@NullMarked
package io.longline.coordinator.events;

import org.jspecify.annotations.NullMarked;
