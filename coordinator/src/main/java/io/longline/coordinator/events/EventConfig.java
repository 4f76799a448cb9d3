package io.longline.coordinator.events;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How the event streams are read. The keys have the name of the first event there was.
 *
 * @param busyPause between two looks while there is something
 * @param idlePause between two looks otherwise; a session learns what happened to it about so late
 * @param claimEvery between two looks for what other coordinators left
 * @param abandonedAfter how long an entry may be under way before any coordinator takes it over
 * @param unseenGrace how long a start of a room must be missing in ZooKeeper until it is gone; it may not be announced yet
 * @param heldPerRoom what waits here for one start of one room; the rest waits in the streams
 */
public record EventConfig(
        Duration busyPause,
        Duration idlePause,
        Duration claimEvery,
        Duration abandonedAfter,
        Duration unseenGrace,
        int heldPerRoom) {

    public static EventConfig read(ConfigReader reader) {
        return new EventConfig(
                reader.duration("coordinator.replaced.busy-pause", "100ms"),
                reader.duration("coordinator.replaced.idle-pause", "250ms"),
                reader.duration("coordinator.replaced.claim-every", "3s"),
                reader.duration("coordinator.replaced.abandoned-after", "10s"),
                reader.duration("coordinator.replaced.unseen-grace", "15s"),
                reader.integer("coordinator.replaced.held-per-room", 4096, 1, 1_000_000));
    }
}
