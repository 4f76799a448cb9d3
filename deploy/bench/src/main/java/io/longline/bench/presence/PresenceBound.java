package io.longline.bench.presence;

import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.presence.PresenceConfig;
import io.longline.deploy.faults.FaultPlan;
import io.longline.deploy.service.ServiceKind;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long it may take, when all is well again, until the last event of everybody is true: who was killed counts as gone when its session in
 * ZooKeeper has run out, its shards go on when their leases have, and what is so is told when it has been so for the debounce.
 */
record PresenceBound(Duration session, Duration lease, Duration looks, Duration debounce) {

    static PresenceBound of(FaultPlan plan, Duration debounce) {
        Map<String, String> given = new HashMap<>(plan.settings());
        given.putAll(plan.settingsOf().getOrDefault(ServiceKind.COORDINATOR, Map.of()));
        given.put("cluster", "bench");
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(given).build());
        OutboxConfig outbox = OutboxConfig.read(reader);
        return new PresenceBound(
                ZkConfig.read(reader).sessionTimeout(),
                outbox.lease(),
                outbox.lookEvery().plus(PresenceConfig.read(reader).lookEvery()),
                debounce);
    }

    Duration sum() {
        return session.plus(lease).plus(looks).plus(debounce);
    }

    @Override
    public String toString() {
        return "%.1f s: %.1f of a session in ZooKeeper, %.1f of a lease, %.1f of looks, %.1f of debounce"
                .formatted(seconds(sum()), seconds(session), seconds(lease), seconds(looks), seconds(debounce));
    }

    static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
