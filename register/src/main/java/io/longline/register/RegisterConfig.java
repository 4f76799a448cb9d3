package io.longline.register;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.life.ServiceConfig;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.register.deadrooms.DeadRoomsConfig;
import io.longline.register.follow.FollowConfig;
import io.longline.register.rebuild.RebuildConfig;
import io.longline.register.route.RouteConfig;
import io.longline.register.unseen.UnseenConfig;

/** All that register can be told. */
public record RegisterConfig(
        ServiceConfig service,
        RpcConfig rpc,
        RedisConfig redis,
        RouteConfig route,
        FollowConfig follow,
        RebuildConfig rebuild,
        DeadRoomsConfig deadRooms,
        UnseenConfig unseen) {

    /** Errors are the reader's to tell, all at once: {@link ConfigReader#finish}. */
    public static RegisterConfig read(ConfigReader reader) {
        return new RegisterConfig(
                ServiceConfig.read(reader, "register"),
                RpcConfig.read(reader),
                RedisConfig.read(reader),
                RouteConfig.read(reader),
                FollowConfig.read(reader),
                RebuildConfig.read(reader),
                DeadRoomsConfig.read(reader),
                UnseenConfig.read(reader));
    }
}
