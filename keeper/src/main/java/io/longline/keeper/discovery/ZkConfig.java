package io.longline.keeper.discovery;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * Where ZooKeeper is and which cluster of it is ours.
 *
 * @param hosts {@code host:port} of each server, comma-separated
 * @param cluster several clusters may share one ZooKeeper; ours lives under {@code /longline/<cluster>}
 * @param sessionTimeout after so long without a sign of us our ephemeral nodes are gone
 */
public record ZkConfig(String hosts, String cluster, Duration sessionTimeout) {

    private static final String CLUSTER = "[a-z0-9-]{1,32}";

    /** Reads {@code zookeeper.hosts}, {@code cluster} and {@code zookeeper.session-timeout}. */
    public static ZkConfig read(ConfigReader reader) {
        ZkConfig config = new ZkConfig(
                reader.text("zookeeper.hosts", "127.0.0.1:2181"),
                reader.text("cluster", "local"),
                reader.duration("zookeeper.session-timeout", "6s"));
        if (!config.cluster.matches(CLUSTER)) {
            reader.problem("cluster", CLUSTER);
        }
        return config;
    }
}
