package io.longline.coordinator;

import io.longline.coordinator.audit.AuditConfig;
import io.longline.coordinator.backlog.BacklogConfig;
import io.longline.coordinator.callback.CallbackConfig;
import io.longline.coordinator.events.EventConfig;
import io.longline.coordinator.group.GroupConfig;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.presence.PresenceConfig;
import io.longline.coordinator.uplink.UplinkConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.life.ServiceConfig;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.rpc.RpcConfig;

/**
 * Everything that coordinator can be told.
 *
 * @param service what every service is told
 * @param rpc the port on which rooms bring uplinks and centers fetch them, and the limits of calls
 */
public record CoordinatorConfig(
        ServiceConfig service,
        RedisConfig redis,
        RpcConfig rpc,
        EventConfig events,
        OutboxConfig outbox,
        BacklogConfig backlog,
        CallbackConfig callbacks,
        UplinkConfig uplinks,
        PresenceConfig presence,
        GroupConfig groups,
        AuditConfig audit) {

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public static CoordinatorConfig read(ConfigReader reader) {
        CoordinatorConfig config = new CoordinatorConfig(
                ServiceConfig.read(reader, "coordinator"),
                RedisConfig.read(reader),
                RpcConfig.read(reader),
                EventConfig.read(reader),
                OutboxConfig.read(reader),
                BacklogConfig.read(reader),
                CallbackConfig.read(reader),
                UplinkConfig.read(reader),
                PresenceConfig.read(reader),
                GroupConfig.read(reader),
                AuditConfig.read(reader));
        reader.finish();
        return config;
    }
}
