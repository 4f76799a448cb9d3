package io.longline.keeper.discovery;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;

/**
 * The one connection of a process to ZooKeeper. It survives lost connections and expired sessions by itself; who owns
 * ephemeral nodes ({@link ZkDiscovery}, leases) sees to it that they are made again.
 */
public final class ZkSession implements AutoCloseable {

    private static final Duration FIRST_CONNECT = Duration.ofSeconds(15);
    private static final int RETRY_AFTER_MS = 200;

    private final ZkConfig config;
    private final CuratorFramework curator;

    public ZkSession(ZkConfig config) {
        this.config = config;
        int timeoutMs = Math.toIntExact(config.sessionTimeout().toMillis());
        this.curator = CuratorFrameworkFactory.builder()
                .connectString(config.hosts())
                .namespace("longline/" + config.cluster())
                .sessionTimeoutMs(timeoutMs)
                .connectionTimeoutMs(timeoutMs)
                .retryPolicy(new RetryOneTime(RETRY_AFTER_MS))
                .zkClientConfig(clientConfig(timeoutMs))
                .build();
    }

    /** Waits for the first connection; {@link ErrorCode#DEPENDENCY_DOWN} after 15 s without one. */
    public void start() {
        start(FIRST_CONNECT);
    }

    /** Likewise, after so long without one. */
    public void start(Duration patience) {
        curator.start();
        boolean connected;
        try {
            connected = curator.blockUntilConnected(Math.toIntExact(patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connected = false;
        }
        if (!connected) {
            close();
            throw LonglineException.dependencyDown(
                    "zookeeper",
                    "ZooKeeper at " + config.hosts() + " did not answer within " + patience.toSeconds() + " s",
                    null);
        }
    }

    /** Whether there is a connection right now. */
    public boolean connected() {
        return curator.getState() == CuratorFrameworkState.STARTED
                && curator.getZookeeperClient().isConnected();
    }

    /** The content of a node below {@code /longline/<cluster>}; empty where there is none. */
    public Optional<byte[]> read(String path) {
        return call(() -> content(path, new Stat()));
    }

    /** Makes a lasting node; {@link ErrorCode#ALREADY_EXISTS} where there is one. */
    public void create(String path, byte[] content) {
        call(() -> {
            try {
                return curator.create().creatingParentsIfNeeded().forPath(path, content);
            } catch (KeeperException.NodeExistsException e) {
                throw new LonglineException(ErrorCode.ALREADY_EXISTS, path + " exists already", e);
            }
        });
    }

    /** Makes or replaces a lasting node. */
    public void write(String path, byte[] content) {
        call(() -> curator.create().orSetData().creatingParentsIfNeeded().forPath(path, content));
    }

    /**
     * Replaces the content of a lasting node by what is made of it, which may be called several times: where somebody else was
     * faster, it begins anew. Absent is empty.
     */
    public void update(String path, UnaryOperator<byte[]> change) {
        boolean done = false;
        while (!done) {
            Stat stat = new Stat();
            Optional<byte[]> before = call(() -> content(path, stat));
            byte[] after = change.apply(before.orElse(new byte[0]));
            done = call(() -> before.isPresent() ? replaced(path, after, stat.getVersion()) : created(path, after));
        }
    }

    /**
     * {@link #update} where it changes anything, and in the same step a lasting node whose name begins with {@code log} and ends with a number
     * one higher than the last, with what is made of the new content.
     */
    public void updateLogged(String path, UnaryOperator<byte[]> change, String log, UnaryOperator<byte[]> entry) {
        boolean done = false;
        while (!done) {
            Stat stat = new Stat();
            Optional<byte[]> before = call(() -> content(path, stat));
            byte[] after = change.apply(before.orElse(new byte[0]));
            done = Arrays.equals(before.orElse(new byte[0]), after)
                    || call(() -> {
                        ensureParent(path);
                        ensureParent(log);
                        CuratorOp changed = before.isPresent()
                                ? curator.transactionOp()
                                        .setData()
                                        .withVersion(stat.getVersion())
                                        .forPath(path, after)
                                : curator.transactionOp().create().forPath(path, after);
                        return together(changed, numbered(log, entry.apply(after)));
                    });
        }
    }

    /** A lasting node whose name begins with that path and ends with a number one higher than the last. */
    public void append(String log, byte[] entry) {
        boolean _ = call(() -> {
            ensureParent(log);
            return together(numbered(log, entry));
        });
    }

    private CuratorOp numbered(String path, byte[] content) throws Exception {
        return curator.transactionOp()
                .create()
                .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                .forPath(path, content);
    }

    /** False where somebody else was faster. */
    private boolean together(CuratorOp... operations) throws Exception {
        try {
            curator.transaction().forOperations(operations);
            return true;
        } catch (KeeperException.BadVersionException
                | KeeperException.NoNodeException
                | KeeperException.NodeExistsException e) {
            return false;
        }
    }

    private void ensureParent(String path) throws Exception {
        String parent = path.substring(0, path.lastIndexOf('/'));
        if (curator.checkExists().forPath(parent) == null) {
            created(parent, new byte[0]);
        }
    }

    /** Takes a lasting node away, if it is there. */
    public void delete(String path) {
        call(() -> curator.delete().quietly().forPath(path));
    }

    private Optional<byte[]> content(String path, Stat stat) throws Exception {
        try {
            return Optional.of(curator.getData().storingStatIn(stat).forPath(path));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    private boolean replaced(String path, byte[] content, int version) throws Exception {
        try {
            curator.setData().withVersion(version).forPath(path, content);
            return true;
        } catch (KeeperException.BadVersionException | KeeperException.NoNodeException e) {
            return false;
        }
    }

    private boolean created(String path, byte[] content) throws Exception {
        try {
            curator.create().creatingParentsIfNeeded().forPath(path, content);
            return true;
        } catch (KeeperException.NodeExistsException e) {
            return false;
        }
    }

    /** The names of a node's children, up to what ZooKeeper has committed; none where there is no such node. */
    public List<String> children(String path) throws Exception {
        try {
            sync(path);
            return curator.getChildren().forPath(path);
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }

    /** What is read after this is no older than now, also from a server that lags behind. */
    void sync(String path) throws Exception {
        curator.sync().forPath(path);
    }

    /** For the {@code Zk*} classes of keeper; its root is {@code /longline/<cluster>}. */
    public CuratorFramework curator() {
        return curator;
    }

    /** The present session's id; it changes when a session expires. */
    public long id() throws Exception {
        return curator.getZookeeperClient().getZooKeeper().getSessionId();
    }

    /** Puts {@code replacement} in the place of a node in one step. */
    void replace(String path, CuratorOp replacement) throws Exception {
        curator.transaction().forOperations(curator.transactionOp().delete().forPath(path), replacement);
    }

    /** How long a read may take before it counts as failed. */
    Duration timeout() {
        return config.sessionTimeout();
    }

    /** Turns every failure into a {@link LonglineException} of {@code zookeeper}. */
    public static <T> T call(ZkCall<T> call) {
        try {
            return call.run();
        } catch (LonglineException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LonglineException.dependencyDown("zookeeper", "interrupted while waiting for ZooKeeper", e);
        } catch (KeeperException.ConnectionLossException
                | KeeperException.SessionExpiredException
                | KeeperException.RequestTimeoutException
                | KeeperException.OperationTimeoutException e) {
            throw LonglineException.dependencyDown("zookeeper", "ZooKeeper is away: " + e.getMessage(), e);
        } catch (Exception e) {
            throw new LonglineException(ErrorCode.INTERNAL, "ZooKeeper refused: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        curator.close();
    }

    /** Without a limit, a request that meets the end of its session may wait for ever. */
    private static ZKClientConfig clientConfig(int requestTimeoutMs) {
        ZKClientConfig client = new ZKClientConfig();
        client.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Integer.toString(requestTimeoutMs));
        return client;
    }

    /** Something asked of ZooKeeper. */
    @FunctionalInterface
    public interface ZkCall<T> {
        T run() throws Exception;
    }
}
