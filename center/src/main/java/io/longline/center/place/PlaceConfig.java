package io.longline.center.place;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How much is remembered of where endpoints are.
 *
 * @param most endpoints, and likewise users; beyond, those asked for least recently are forgotten
 * @param life how long after it was last confirmed a place is tried
 */
public record PlaceConfig(int most, Duration life) {

    public static PlaceConfig read(ConfigReader reader) {
        return new PlaceConfig(
                reader.integer("center.places.most", 50_000, 0, 10_000_000),
                reader.duration("center.places.life", "10m"));
    }
}
