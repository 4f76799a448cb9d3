package io.longline.coordinator;

import io.longline.coordinator.replaced.ReplacedConfig;
import io.longline.keeper.admin.AdminConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.rpc.RpcConfig;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything that coordinator can be told.
 *
 * @param advertiseHost under which others reach this process
 * @param rpc the limits of calls to rooms; coordinator serves none
 */
public record CoordinatorConfig(
        String instance,
        String advertiseHost,
        ZkConfig zookeeper,
        RedisConfig redis,
        AdminConfig admin,
        RpcConfig rpc,
        ReplacedConfig replaced) {

    private static final int RANDOM_DIGITS = 6;

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public static CoordinatorConfig read(ConfigReader reader) {
        CoordinatorConfig config = new CoordinatorConfig(
                reader.text("instance", randomInstance()),
                reader.text("advertise.host", "127.0.0.1"),
                ZkConfig.read(reader),
                RedisConfig.read(reader),
                AdminConfig.read(reader),
                RpcConfig.read(reader),
                ReplacedConfig.read(reader));
        reader.finish();
        return config;
    }

    private static String randomInstance() {
        return "coordinator-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt(), RANDOM_DIGITS);
    }
}
