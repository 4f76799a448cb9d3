package io.longline.keeper.life;

import io.longline.keeper.admin.AdminConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.ZkConfig;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What every service is told: who it is, under which host others reach it, where ZooKeeper is, where it answers operators' tools.
 *
 * @param instance its name, unique within the service
 */
public record ServiceConfig(String instance, String advertiseHost, ZkConfig zookeeper, AdminConfig admin) {
    private static final int RANDOM_DIGITS = 6;

    /** Keys {@code instance} (the service's name and a random number), {@code advertise.host}, {@code zookeeper.*}, {@code admin.port}. */
    public static ServiceConfig read(ConfigReader reader, String service) {
        return new ServiceConfig(
                reader.text("instance", service + "-" + randomDigits()),
                reader.text("advertise.host", "127.0.0.1"),
                ZkConfig.read(reader),
                AdminConfig.read(reader));
    }

    private static String randomDigits() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt(), RANDOM_DIGITS);
    }

    /** How others reach a port of this process. */
    public String address(int port) {
        return advertiseHost + ":" + port;
    }
}
