package io.longline.deploy.cluster;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a local cluster is made of.
 *
 * @param name of the cluster in ZooKeeper
 * @param data the folder of the embedded stores, kept between runs
 * @param fresh the folder is emptied first; given stores are not
 * @param processes each service in a process of its own
 * @param settings further configuration of all services, by key
 */
public record ClusterOptions(
        String name,
        int rooms,
        int centers,
        Path data,
        boolean fresh,
        ClusterPorts ports,
        GivenStores stores,
        boolean processes,
        Map<String, String> settings) {

    /** One room, one center, embedded stores, the usual ports, everything in this process. */
    public static ClusterOptions in(Path data) {
        return new ClusterOptions("local", 1, 1, data, false, ClusterPorts.DEFAULT, GivenStores.NONE, false, Map.of());
    }

    public ClusterOptions withRooms(int count) {
        return new ClusterOptions(name, count, centers, data, fresh, ports, stores, processes, settings);
    }

    public ClusterOptions withCenters(int count) {
        return new ClusterOptions(name, rooms, count, data, fresh, ports, stores, processes, settings);
    }

    public ClusterOptions withPorts(ClusterPorts given) {
        return new ClusterOptions(name, rooms, centers, data, fresh, given, stores, processes, settings);
    }

    public ClusterOptions withSettings(Map<String, String> given) {
        return new ClusterOptions(name, rooms, centers, data, fresh, ports, stores, processes, Map.copyOf(given));
    }
}
