package io.longline.keeper.admin;

import io.longline.keeper.config.ConfigReader;

/**
 * Where operators ask.
 *
 * @param port where it listens, 0: any free one
 */
public record AdminConfig(int port) {
    /** Key {@code admin.port}, default 0. */
    public static AdminConfig read(ConfigReader reader) {
        return new AdminConfig(reader.port("admin.port", 0));
    }
}
