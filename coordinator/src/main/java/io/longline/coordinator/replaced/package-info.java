/**
 * Ending replaced sessions. Register notes in its event streams which session lost its endpoint to a newer one; {@link
 * io.longline.coordinator.replaced.ReplacedFlow} carries each note to the room that holds the session, until the room has answered or is
 * gone. Start reading there.
 *
 * <p>One thread reads the streams, one a room ({@link io.longline.coordinator.replaced.RoomLane}) carries; all virtual.
 */
@NullMarked
package io.longline.coordinator.replaced;

import org.jspecify.annotations.NullMarked;
