package io.longline.keeper.live;

import java.time.Instant;
import java.util.Map;

/**
 * What a service's configuration in ZooKeeper was after a change.
 *
 * @param number from 1 on, one higher with each change
 * @param at by the clock of who changed it
 * @param by who that was, and with what
 */
public record ConfigVersion(long number, Instant at, String by, Map<String, String> values) {

    public ConfigVersion {
        values = Map.copyOf(values);
    }
}
