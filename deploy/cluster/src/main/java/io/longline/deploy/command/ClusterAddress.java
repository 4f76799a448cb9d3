package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.cluster.RunningCluster;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command is for: the one that is named, else the local one that {@code up} left running. */
final class ClusterAddress {

    @Option(
            names = "--zookeeper",
            paramLabel = "HOSTS",
            description = "ZooKeeper of the cluster: HOST:PORT,...; default: the local cluster that runs.")
    private @Nullable String zookeeper;

    @Option(names = "--cluster", paramLabel = "C", description = "Name of the cluster in ZooKeeper (local).")
    private @Nullable String cluster;

    /** The cluster itself; closing it ends the connection. Throws {@link ClusterException} if there is none. */
    ClusterAccess open() {
        if (zookeeper != null) {
            return new ClusterAccess(zookeeper, Optional.ofNullable(cluster).orElse("local"));
        }
        RunningCluster local = RunningCluster.find()
                .orElseThrow(() -> new ClusterException(
                        "no local cluster is running: start one with `longline up`, or name one with --zookeeper"));
        return new ClusterAccess(local.zookeeper(), Optional.ofNullable(cluster).orElse(local.cluster()));
    }
}
