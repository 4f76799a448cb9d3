package io.longline.bench.rig;

import io.longline.deploy.faults.FaultCluster;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/** The services of a cluster, to be called as they call each other. */
public final class ClusterPeers implements AutoCloseable {
    private final LifeCycle life = new LifeCycle();
    private final ZkDiscovery discovery;

    public ClusterPeers(FaultCluster cluster) {
        Map<String, String> keys = Map.of(
                "cluster",
                FaultCluster.NAME,
                "zookeeper.hosts",
                cluster.stores().zookeeperHosts());
        ZkSession session = life.add(new ZkSession(ZkConfig.read(
                new ConfigReader(ConfigSource.builder().flags(keys).build()))));
        session.start();
        discovery = life.add(new ZkDiscovery(session));
    }

    /** Of one kind; ends with this. */
    public Peers of(String service) {
        Peers peers = life.add(new Peers(service, discovery, RpcConfig.defaults(), new SimpleMeterRegistry()));
        peers.start();
        return peers;
    }

    @Override
    public void close() {
        life.close();
    }
}
