package io.longline.keeper.discovery;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One ephemeral node, kept as its owner wants it by a thread of its own. */
final class ZkAnnouncement implements Announcement {

    private static final Logger log = LoggerFactory.getLogger(ZkAnnouncement.class);
    private static final long RETRY_MS = 500;
    private static final int RACES = 5;

    private final ZkSession session;
    private final CuratorFramework curator;
    private final String path;
    private final Thread keeper;
    private final ConnectionStateListener connectionListener = (client, state) -> {
        if (state.isConnected()) {
            wake();
        }
    };
    private final Watcher deleted = event -> {
        if (event.getType() == Watcher.Event.EventType.NodeDeleted) {
            wake();
        }
    };

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();
    private Node node;
    private boolean pending;
    private Runnable onLost = () -> {};
    private volatile boolean taken;

    /** The session that holds our node; touched by {@link #start}, then by the keeper's thread alone. */
    private long announcedIn;

    ZkAnnouncement(ZkSession session, Node node) {
        this.session = session;
        this.curator = session.curator();
        this.path = "/nodes/" + node.service() + "/" + node.instance();
        this.node = node;
        this.keeper = Thread.ofVirtual().name("announce-" + node.instance()).unstarted(this::keep);
    }

    void start() {
        announcedIn = putFirst();
        curator.getConnectionStateListenable().addListener(connectionListener);
        keeper.start();
        // Whatever happened before the listener was there is seen now.
        wake();
        log.info("announced path={} incarnation={}", path, node.incarnation());
    }

    /** Also of a ZooKeeper that went away since we were connected: whoever announces itself serves already, and is not to end for that. */
    private long putFirst() {
        while (true) {
            try {
                return ZkSession.call(() -> {
                    watch();
                    return put(node, present -> true);
                });
            } catch (LonglineException e) {
                if (e.code() != ErrorCode.DEPENDENCY_DOWN
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                log.warn("not announced yet, trying again path={} error=\"{}\"", path, e.getMessage());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
            }
        }
    }

    @Override
    public void update(Node newNode) {
        lock.lock();
        try {
            node = newNode;
            pending = true;
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onLost(Runnable listener) {
        lock.lock();
        try {
            onLost = listener;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean visible() {
        return session.connected() && !taken;
    }

    @Override
    public void close() {
        curator.getConnectionStateListenable().removeListener(connectionListener);
        keeper.interrupt();
        try {
            keeper.join();
            if (session.connected()) {
                withdraw();
            }
        } catch (KeeperException.NoNodeException e) {
            log.debug("withdrawn already path={}", path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("not withdrawn, it ends with our session path={} error=\"{}\"", path, e.getMessage());
        }
    }

    /** Our node and no other: by ZooKeeper's own handle, which belongs to one session. */
    private void withdraw() throws Exception {
        ZooKeeper handle = curator.getZookeeperClient().getZooKeeper();
        String full = "/" + curator.getNamespace() + path;
        Stat stat = handle.exists(full, false);
        if (stat != null && stat.getEphemeralOwner() == handle.getSessionId()) {
            handle.delete(full, stat.getVersion());
        }
    }

    private void wake() {
        lock.lock();
        try {
            pending = true;
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keep() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                awaitWork();
                try {
                    announceAgain();
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    log.warn("not announced, trying again path={} error=\"{}\"", path, e.getMessage());
                    TimeUnit.MILLISECONDS.sleep(RETRY_MS);
                    wake();
                }
            }
        } catch (InterruptedException e) {
            log.debug("no longer announced path={}", path);
        }
    }

    private void awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!pending || !session.connected()) {
                signal.await();
            }
            pending = false;
        } finally {
            lock.unlock();
        }
    }

    private void announceAgain() throws Exception {
        if (session.id() != announcedIn) {
            log.warn("our ZooKeeper session was lost, announcing again path={}", path);
            watch();
            listener().run();
            long former = announcedIn;
            announcedIn = put(wanted(), present -> present.getEphemeralOwner() == former);
        } else if (!renew()) {
            log.error("another process announces itself under our name, giving it up path={}", path);
        }
    }

    /** Of a deleted node we hear by this; of one that was deleted while we were not connected, when we are again. */
    private void watch() throws Exception {
        curator.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT)
                .usingWatcher(deleted)
                .forPath(path);
    }

    /** In the session that announced it; false, and nothing is changed, where another process has taken the name since. */
    private boolean renew() throws Exception {
        for (int race = 1; ; race++) {
            try {
                Stat present = curator.checkExists().forPath(path);
                if (present == null) {
                    log.warn("our node was deleted, announcing again path={}", path);
                    listener().run();
                    create(wanted().toJson());
                } else if (present.getEphemeralOwner() == announcedIn) {
                    curator.setData().forPath(path, wanted().toJson());
                } else {
                    taken = true;
                    return false;
                }
                taken = false;
                return true;
            } catch (KeeperException.NodeExistsException | KeeperException.NoNodeException e) {
                if (race == RACES) {
                    throw e;
                }
            }
        }
    }

    private void create(byte[] json) throws Exception {
        curator.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(path, json);
    }

    /**
     * Makes our node what it shall be; returns the session that holds it now.
     *
     * @param left whether a node of another session is one that we, or an earlier start of us, have left, and not another process's
     */
    private long put(Node wanted, Predicate<Stat> left) throws Exception {
        byte[] json = wanted.toJson();
        for (int race = 1; ; race++) {
            try {
                Stat present = curator.checkExists().forPath(path);
                if (present == null) {
                    create(json);
                } else if (present.getEphemeralOwner() == session.id()) {
                    taken = false;
                    return curator.setData().forPath(path, json).getEphemeralOwner();
                } else if (!left.test(present)) {
                    // It may be one that we made in a session between, and goes then; the keeper tries again.
                    taken = true;
                    throw new IllegalStateException("another process announces itself under our name");
                } else {
                    session.replace(
                            path,
                            curator.transactionOp()
                                    .create()
                                    .withMode(CreateMode.EPHEMERAL)
                                    .forPath(path, json));
                }
            } catch (KeeperException.NodeExistsException | KeeperException.NoNodeException e) {
                if (race == RACES) {
                    throw e;
                }
            }
        }
    }

    private Runnable listener() {
        lock.lock();
        try {
            return onLost;
        } finally {
            lock.unlock();
        }
    }

    private Node wanted() {
        lock.lock();
        try {
            return node;
        } finally {
            lock.unlock();
        }
    }
}
