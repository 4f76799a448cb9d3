package io.longline.dispatcher;

import io.longline.dispatcher.dispatch.DispatchConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.http.HttpConfig;
import io.longline.keeper.life.ServiceConfig;

/**
 * Everything that dispatcher can be told.
 *
 * @param service what every service is told
 * @param http where clients ask
 */
public record DispatcherConfig(ServiceConfig service, HttpConfig http, DispatchConfig dispatch) {

    private static final int DEFAULT_PORT = 7000;

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public static DispatcherConfig read(ConfigReader reader) {
        DispatcherConfig config = new DispatcherConfig(
                ServiceConfig.read(reader, "dispatcher"),
                HttpConfig.read(reader, "dispatcher", DEFAULT_PORT),
                DispatchConfig.read(reader));
        reader.finish();
        return config;
    }
}
