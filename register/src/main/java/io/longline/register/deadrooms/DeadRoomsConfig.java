package io.longline.register.deadrooms;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How dead rooms are found.
 *
 * @param period how often all of Redis is compared with ZooKeeper, besides at each change there
 * @param unseenGrace how long an incarnation that was never seen alive may have routes before it is declared gone: it may
 *     have bound something a moment before it was announced
 * @param remember how long a dead incarnation is refused; by then a process that sleeps has lost its ZooKeeper session
 */
public record DeadRoomsConfig(Duration period, Duration unseenGrace, Duration remember) {

    public static DeadRoomsConfig read(ConfigReader reader) {
        return new DeadRoomsConfig(
                reader.duration("register.dead-rooms.period", "30s"),
                reader.duration("register.dead-rooms.unseen-grace", "15s"),
                reader.duration("register.dead-rooms.remember", "24h"));
    }
}
