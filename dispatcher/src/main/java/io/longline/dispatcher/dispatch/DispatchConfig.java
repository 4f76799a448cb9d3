package io.longline.dispatcher.dispatch;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * What clients are told beside the addresses.
 *
 * @param cacheTtl how long an answer may be used again
 * @param backoffBase before the second attempt; grows by {@code backoffFactor} up to {@code backoffMost}, all of it random
 */
public record DispatchConfig(Duration cacheTtl, Duration backoffBase, Duration backoffMost) {
    static final double BACKOFF_FACTOR = 2.0;
    static final double BACKOFF_JITTER = 1.0;

    public static DispatchConfig read(ConfigReader reader) {
        return new DispatchConfig(
                reader.duration("dispatcher.cache-ttl", "600s"),
                reader.duration("dispatcher.backoff.base", "1s"),
                reader.duration("dispatcher.backoff.max", "60s"));
    }
}
