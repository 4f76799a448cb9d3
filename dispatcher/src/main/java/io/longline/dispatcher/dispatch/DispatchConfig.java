package io.longline.dispatcher.dispatch;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.net.Networks;
import java.time.Duration;

/**
 * How a question is answered; all of it may change while the dispatcher runs.
 *
 * @param balancing in which order rooms come
 * @param regions where callers are, if they do not say
 * @param proxies whose word of whom they ask for is taken
 * @param cacheTtl how long an answer may be used again
 * @param backoffBase before the second attempt; grows by {@code backoffFactor} up to {@code backoffMost}, all of it random
 */
public record DispatchConfig(
        Balancing balancing,
        CallerRegions regions,
        Networks proxies,
        Duration cacheTtl,
        Duration backoffBase,
        Duration backoffMost) {
    static final double BACKOFF_FACTOR = 2.0;
    static final double BACKOFF_JITTER = 1.0;

    public static DispatchConfig read(ConfigReader reader) {
        return new DispatchConfig(
                reader.choice("dispatcher.balancer", Balancing.CONSISTENT_HASH),
                CallerRegions.read(reader),
                Networks.read(reader, "dispatcher.proxies"),
                reader.duration("dispatcher.cache-ttl", "600s"),
                reader.duration("dispatcher.backoff.base", "1s"),
                reader.duration("dispatcher.backoff.max", "60s"));
    }
}
