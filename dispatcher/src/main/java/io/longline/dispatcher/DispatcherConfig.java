package io.longline.dispatcher;

import io.longline.dispatcher.dispatch.DispatchConfig;
import io.longline.keeper.admin.AdminConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.http.HttpConfig;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything that dispatcher can be told.
 *
 * @param advertiseHost under which others reach this process
 * @param http where clients ask
 */
public record DispatcherConfig(
        String instance,
        String advertiseHost,
        ZkConfig zookeeper,
        HttpConfig http,
        AdminConfig admin,
        DispatchConfig dispatch) {

    private static final int DEFAULT_PORT = 7000;
    private static final int RANDOM_DIGITS = 6;

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public static DispatcherConfig read(ConfigReader reader) {
        DispatcherConfig config = new DispatcherConfig(
                reader.text("instance", randomInstance()),
                reader.text("advertise.host", "127.0.0.1"),
                ZkConfig.read(reader),
                HttpConfig.read(reader, "dispatcher", DEFAULT_PORT),
                AdminConfig.read(reader),
                DispatchConfig.read(reader));
        reader.finish();
        return config;
    }

    private static String randomInstance() {
        return "dispatcher-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt(), RANDOM_DIGITS);
    }
}
