package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.lease.LeaseHolder;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.live.ZkConfigNode;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ZkProducts;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A cluster as a command sees it: through its ZooKeeper. */
final class ClusterAccess implements AutoCloseable {
    private final String cluster;
    private final LifeCycle life = new LifeCycle();
    private final ZkSession session;
    private final ZkDiscovery discovery;
    private final ZkProducts products;
    private final ZkLeases leases;

    ClusterAccess(String zookeeper, String cluster) {
        this.cluster = cluster;
        Map<String, String> keys = Map.of("zookeeper.hosts", zookeeper, "cluster", cluster);
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(keys).build());
        ZkConfig config = ZkConfig.read(reader);
        reader.finish();
        session = life.add(new ZkSession(config));
        session.start();
        this.discovery = life.add(new ZkDiscovery(session));
        this.products = life.add(new ZkProducts(session));
        this.leases = new ZkLeases(session, "command");
        products.start();
    }

    String cluster() {
        return cluster;
    }

    ZkProducts products() {
        return products;
    }

    /** What ZooKeeper holds of a service's configuration. */
    ZkConfigNode config(String service) {
        return new ZkConfigNode(session, service);
    }

    Product product(String id) {
        return products.find(id)
                .orElseThrow(() -> new ClusterException("there is no product " + id + " in cluster " + cluster
                        + "; `longline product create --product " + id + "` makes one"));
    }

    /** Where a service answers HTTP; of several ready instances, the first by name. */
    URI http(String service) {
        return allHttp(service).getFirst();
    }

    /** Where its ready instances do, by name; at least one. */
    List<URI> allHttp(String service) {
        List<URI> found = nodes(service).stream()
                .filter(node -> node.state() == NodeState.READY && !node.http().isEmpty())
                .map(node -> URI.create("http://" + node.http()))
                .toList();
        if (found.isEmpty()) {
            throw new ClusterException("no " + service + " is ready in cluster " + cluster);
        }
        return found;
    }

    /** By name. */
    List<Node> nodes(String service) {
        return discovery.readNow(service).stream()
                .sorted(Comparator.comparing(Node::instance))
                .toList();
    }

    Discovery discovery() {
        return discovery;
    }

    List<LeaseHolder> leases() {
        return leases.holders();
    }

    @Override
    public void close() {
        life.close();
    }
}
