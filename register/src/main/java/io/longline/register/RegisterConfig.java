package io.longline.register;

import io.longline.keeper.admin.AdminConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.register.deadrooms.DeadRoomsConfig;
import io.longline.register.rebuild.RebuildConfig;
import io.longline.register.route.RouteConfig;
import java.util.UUID;

/**
 * All that register can be told.
 *
 * @param instance its name among the registers of the cluster
 * @param advertiseHost under which the other services reach it
 */
public record RegisterConfig(
        String instance,
        String advertiseHost,
        RpcConfig rpc,
        AdminConfig admin,
        ZkConfig zookeeper,
        RedisConfig redis,
        RouteConfig route,
        RebuildConfig rebuild,
        DeadRoomsConfig deadRooms) {

    /** Errors are the reader's to tell, all at once: {@link ConfigReader#finish}. */
    public static RegisterConfig read(ConfigReader reader) {
        return new RegisterConfig(
                reader.text(
                        "instance", "register-" + UUID.randomUUID().toString().substring(0, 6)),
                reader.text("advertise.host", "127.0.0.1"),
                RpcConfig.read(reader),
                AdminConfig.read(reader),
                ZkConfig.read(reader),
                RedisConfig.read(reader),
                RouteConfig.read(reader),
                RebuildConfig.read(reader),
                DeadRoomsConfig.read(reader));
    }
}
