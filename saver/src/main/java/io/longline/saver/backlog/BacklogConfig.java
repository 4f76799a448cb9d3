package io.longline.saver.backlog;

import io.longline.keeper.config.ConfigReader;

/**
 * How much may wait for back ends in MySQL.
 *
 * @param perProduct so many events
 * @param bytesPerProduct of payload, and of what else they say
 */
public record BacklogConfig(long perProduct, long bytesPerProduct) {

    public static BacklogConfig read(ConfigReader reader) {
        return new BacklogConfig(
                reader.integer("saver.backlog.per-product", 1_000_000, 1, Integer.MAX_VALUE),
                reader.size("saver.backlog.bytes-per-product", "1GiB"));
    }
}
