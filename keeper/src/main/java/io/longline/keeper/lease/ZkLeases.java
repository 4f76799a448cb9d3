package io.longline.keeper.lease;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases as ephemeral nodes {@code /longline/<cluster>/leases/<name>}, a {@code /} in the name written as {@code :}.
 * The fencing number is the transaction that made the node (its czxid), which ZooKeeper never gives twice.
 */
public final class ZkLeases {

    private static final Logger log = LoggerFactory.getLogger(ZkLeases.class);
    private static final String FOLDER = "/leases";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final CuratorFramework curator;
    private final ZkSession session;
    private final String holder;
    /** Tells our nodes from those of others who share the session. */
    private final String mark = UUID.randomUUID().toString();

    /** One acquires or gives back at a time; revoking needs no lock, as it must not wait for ZooKeeper. */
    private final ReentrantLock lock = new ReentrantLock();
    /** By path, until closed. */
    private final Map<String, ZkLease> held = new ConcurrentHashMap<>();
    /** Closed while ZooKeeper could not be told. */
    private final Set<ZkLease> owed = ConcurrentHashMap.newKeySet();

    /** {@code holder} is this process's instance name. The session must have been started. */
    public ZkLeases(ZkSession session, String holder) {
        this.session = session;
        this.curator = session.curator();
        this.holder = holder;
        curator.getConnectionStateListenable().addListener((client, state) -> connectionChanged(state));
    }

    /** Does not wait for another holder: empty when there is one, in this process too, or when ZooKeeper is away. */
    public Optional<Lease> tryAcquire(String name) {
        String path = FOLDER + "/" + name.replace('/', ':');
        lock.lock();
        try {
            return held.containsKey(path) ? Optional.empty() : ZkSession.call(() -> acquire(path));
        } catch (LonglineException e) {
            log.warn("lease not acquired lease={} error=\"{}\"", name, e.getMessage());
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Every lease that is held now, by whichever process. */
    public List<LeaseHolder> holders() {
        return ZkSession.call(() -> {
            List<LeaseHolder> holders = new ArrayList<>();
            for (String node : session.children(FOLDER)) {
                read(FOLDER + "/" + node)
                        .ifPresent(found -> holders.add(new LeaseHolder(
                                node.replace(':', '/'),
                                found.content.holder,
                                found.content.sinceMs,
                                found.stat.getCzxid())));
            }
            return List.copyOf(holders);
        });
    }

    void giveBack(ZkLease lease) {
        lock.lock();
        try {
            if (held.remove(lease.path(), lease) || owed.contains(lease)) {
                owed.add(lease);
                boolean _ = delete(lease.path(), lease.fencing());
                owed.remove(lease);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveBackOwed(); // by a thread that nobody interrupts: else it would stand for as long as the session
        } catch (Exception e) {
            log.warn("lease not given back, once more when ZooKeeper is back path={}", lease.path(), e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Lease> acquire(String path) throws Exception {
        byte[] content = JSON.writeValueAsBytes(new Content(holder, System.currentTimeMillis(), mark));
        while (true) {
            try {
                Stat stat = new Stat();
                curator.create()
                        .storingStatIn(stat)
                        .creatingParentsIfNeeded()
                        .withMode(CreateMode.EPHEMERAL)
                        .forPath(path, content);
                ZkLease lease = new ZkLease(session, this, path, stat.getCzxid());
                held.put(path, lease);
                return Optional.of(lease);
            } catch (KeeperException.NodeExistsException e) {
                if (!removedOrphan(path)) {
                    return Optional.empty();
                }
            }
        }
    }

    /** A node of ours that nobody here holds: its making or its end was never answered. */
    private boolean removedOrphan(String path) throws Exception {
        Optional<Found> found = read(path);
        if (found.isPresent()) {
            if (!found.get().content.mark.equals(mark)) {
                return false;
            }
            return delete(path, found.get().stat.getCzxid());
        }
        return true;
    }

    /**
     * Deletes the node of that transaction and no other. By ZooKeeper's own handle: it belongs to one session, and as long
     * as that one lives the node is ours, so nobody else's can have taken its place in between.
     *
     * @return false where it is there still: it ends with an earlier session of ours
     */
    private boolean delete(String path, long czxid) throws Exception {
        ZooKeeper handle = curator.getZookeeperClient().getZooKeeper();
        String full = "/" + curator.getNamespace() + path;
        Stat stat = handle.exists(full, false);
        if (stat == null || stat.getCzxid() != czxid) {
            return true;
        }
        if (stat.getEphemeralOwner() != handle.getSessionId()) {
            return false;
        }
        handle.delete(full, stat.getVersion());
        return true;
    }

    private Optional<Found> read(String path) throws Exception {
        try {
            Stat stat = new Stat();
            byte[] json = curator.getData().storingStatIn(stat).forPath(path);
            return Optional.of(new Found(JSON.readValue(json, Content.class), stat));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    private void connectionChanged(ConnectionState state) {
        if (!state.isConnected()) {
            held.values().forEach(ZkLease::revoke);
        } else if (!owed.isEmpty()) {
            giveBackOwed();
        }
    }

    private void giveBackOwed() {
        Thread.ofVirtual().name("leases-owed").start(() -> owed.forEach(this::giveBack));
    }

    private record Content(String holder, long sinceMs, String mark) {}

    private record Found(Content content, Stat stat) {}
}
