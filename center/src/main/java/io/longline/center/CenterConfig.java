package io.longline.center;

import io.longline.center.sweep.SweepConfig;
import io.longline.keeper.admin.AdminConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.http.HttpConfig;
import io.longline.keeper.rpc.RpcConfig;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything that center can be told.
 *
 * @param advertiseHost under which others reach this process
 * @param http where the API listens
 * @param rpc the limits of calls to saver, register and room; center serves none
 * @param patience how long a request may take, but for the {@code wait_ms} that it asks for
 * @param maxRequestsPerProduct of one product at the same moment; beyond: 429
 */
public record CenterConfig(
        String instance,
        String advertiseHost,
        ZkConfig zookeeper,
        HttpConfig http,
        AdminConfig admin,
        RpcConfig rpc,
        Duration patience,
        int maxRequestsPerProduct,
        SweepConfig sweep) {

    private static final int DEFAULT_PORT = 7200;
    private static final int RANDOM_DIGITS = 6;

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public static CenterConfig read(ConfigReader reader) {
        CenterConfig config = new CenterConfig(
                reader.text("instance", randomInstance()),
                reader.text("advertise.host", "127.0.0.1"),
                ZkConfig.read(reader),
                HttpConfig.read(reader, "center", DEFAULT_PORT),
                AdminConfig.read(reader),
                RpcConfig.read(reader),
                reader.duration("center.patience", "5s"),
                reader.integer("center.max-requests-per-product", 2048, 1, 1_000_000),
                SweepConfig.read(reader));
        reader.finish();
        return config;
    }

    private static String randomInstance() {
        return "center-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt(), RANDOM_DIGITS);
    }
}
