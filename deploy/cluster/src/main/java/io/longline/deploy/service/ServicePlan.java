package io.longline.deploy.service;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One instance to be started.
 *
 * @param instance its name, unique in the cluster
 * @param port for clients or back ends, 0: any free one; without meaning for services that have none
 * @param admin for operators, 0: any free one
 * @param settings the rest of its configuration
 */
public record ServicePlan(ServiceKind kind, String instance, int port, int admin, Map<String, String> settings) {

    /** The same instance on these ports. */
    public ServicePlan on(int newPort, int newAdmin) {
        return new ServicePlan(kind, instance, newPort, newAdmin, settings);
    }

    /** Its whole configuration, by key. */
    Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        flags.put("instance", instance);
        flags.put("admin.port", Integer.toString(admin));
        kind.portKey().ifPresent(key -> flags.put(key, Integer.toString(port)));
        return flags;
    }
}
