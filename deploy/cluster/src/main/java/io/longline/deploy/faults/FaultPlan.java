package io.longline.deploy.faults;

import io.longline.deploy.service.ServiceKind;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link FaultCluster} is made of. One instance of each service unless told otherwise.
 *
 * @param data the folder of the stores and of the logs; what the stores have there is used and kept
 * @param counts how many of each service
 * @param settings of all services, by configuration key
 * @param settingsOf of the services of one kind, beside and before those of all
 * @param proxies connections lead through proxies, so that they can be cut
 * @param revive what dies by itself, or is killed by somebody else, is started again by the kit, as by a supervisor: at once, and
 *     after growing pauses when it dies again
 * @param javaFlags of every Java process
 */
public record FaultPlan(
        Path data,
        Map<ServiceKind, Integer> counts,
        Map<String, String> settings,
        Map<ServiceKind, Map<String, String>> settingsOf,
        boolean proxies,
        boolean revive,
        List<String> javaFlags) {

    /** Starts fast, and is small: a whole cluster of them shares a machine with the tests. */
    private static final List<String> SMALL =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Xss512k");

    public FaultPlan {
        counts = Map.copyOf(counts);
        settings = Map.copyOf(settings);
        settingsOf = Map.copyOf(settingsOf);
        javaFlags = List.copyOf(javaFlags);
    }

    /** One of each service, with proxies, nothing revived, small Java processes. */
    public static FaultPlan in(Path data) {
        return new FaultPlan(data, Map.of(), Map.of(), Map.of(), true, false, SMALL);
    }

    public int count(ServiceKind kind) {
        return counts.getOrDefault(kind, 1);
    }

    public FaultPlan with(ServiceKind kind, int count) {
        Map<ServiceKind, Integer> changed = new EnumMap<>(ServiceKind.class);
        changed.putAll(counts);
        changed.put(kind, count);
        return new FaultPlan(data, changed, settings, settingsOf, proxies, revive, javaFlags);
    }

    /** Of all services, beside those given before. */
    public FaultPlan withSettings(Map<String, String> given) {
        return new FaultPlan(data, counts, joined(settings, given), settingsOf, proxies, revive, javaFlags);
    }

    /** Of the services of one kind, beside those given before. */
    public FaultPlan withSettings(ServiceKind kind, Map<String, String> given) {
        Map<ServiceKind, Map<String, String>> changed = new EnumMap<>(ServiceKind.class);
        changed.putAll(settingsOf);
        changed.merge(kind, Map.copyOf(given), FaultPlan::joined);
        return new FaultPlan(data, counts, settings, changed, proxies, revive, javaFlags);
    }

    /** Connections lead straight to their ends, and cannot be cut. */
    public FaultPlan withoutProxies() {
        return new FaultPlan(data, counts, settings, settingsOf, false, revive, javaFlags);
    }

    public FaultPlan withRevival() {
        return new FaultPlan(data, counts, settings, settingsOf, proxies, true, javaFlags);
    }

    /** Instead of those for small processes. */
    public FaultPlan withJavaFlags(List<String> flags) {
        return new FaultPlan(data, counts, settings, settingsOf, proxies, revive, flags);
    }

    Map<String, String> settings(ServiceKind kind) {
        return joined(settings, settingsOf.getOrDefault(kind, Map.of()));
    }

    private static Map<String, String> joined(Map<String, String> before, Map<String, String> after) {
        Map<String, String> all = new HashMap<>(before);
        all.putAll(after);
        return all;
    }
}
