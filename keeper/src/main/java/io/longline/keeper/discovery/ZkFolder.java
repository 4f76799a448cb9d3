package io.longline.keeper.discovery;

import io.longline.keeper.follow.Followed;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children of one ZooKeeper node, read and watched: name to parsed content.
 *
 * <p>One reader thread reads what a watch says has changed, and everything anew after each reconnect, so that no change
 * made meanwhile is missed. A child that cannot be parsed keeps its last good content. While ZooKeeper is away the last
 * known entries stay.
 */
public final class ZkFolder<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ZkFolder.class);
    private static final long RETRY_MS = 500;

    private final ZkSession session;
    private final String path;
    private final ZkChildren<T> children;
    private final Followed<Map<String, T>> entries;
    private final Thread reader;
    private final ConnectionStateListener connectionListener = (client, state) -> connectionChanged(state);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();
    /** What is to be read. */
    private ZkChildren.Changes changes = ZkChildren.Changes.everything();
    /** Counts the connections lost. */
    private long losses;

    private volatile boolean fresh;
    private volatile boolean known;

    /** {@code path} is below {@code /longline/<cluster>} and is made when it is not there. */
    public ZkFolder(ZkSession session, String path, Parser<T> parser) {
        this.session = session;
        this.path = path;
        this.children = new ZkChildren<>(session, path, parser, this::changed);
        String name = "zk" + path.replace('/', '-');
        this.entries = new Followed<>(name, Map.of());
        this.reader = Thread.ofVirtual().name(name).unstarted(this::readOn);
    }

    /** Waits for the first reading, at most the session timeout. */
    public void start() {
        session.curator().getConnectionStateListenable().addListener(connectionListener);
        reader.start();
        await(() -> fresh);
    }

    /** By name, in its order. */
    public Map<String, T> entries() {
        return entries.value();
    }

    /** Whether the entries were read over the connection that lives now. */
    public boolean fresh() {
        return fresh && session.connected();
    }

    /** Whether the entries were ever read; until then there seem to be none. */
    public boolean known() {
        return known;
    }

    /** Waits until what was just written shows in {@link #entries}, at most the session timeout; it may be newer then. */
    public void awaitEntry(String name, T written) {
        await(() -> written.equals(entries().get(name)));
    }

    /**
     * Calls the listener before it returns, then after each change, on a thread of its own; changes that come while it
     * runs are told together.
     */
    public AutoCloseable follow(Consumer<Map<String, T>> listener) {
        Followed.Version<Map<String, T>> first = entries.present();
        entries.tell(listener, first.value());
        return entries.follow(first.number(), listener);
    }

    /** Reads past everything remembered, up to what ZooKeeper has committed. */
    public Map<String, T> readNow() throws Exception {
        return children.readNow();
    }

    @Override
    public void close() {
        session.curator().getConnectionStateListenable().removeListener(connectionListener);
        reader.interrupt();
        entries.close();
    }

    private void changed(WatchedEvent event) {
        String changed = event.getPath();
        if (event.getType() == EventType.None || changed == null) {
            return;
        }
        lock.lock();
        try {
            if (changed.equals(path)) {
                changes.addNames();
            } else {
                changes.addChild(changed.substring(changed.lastIndexOf('/') + 1));
            }
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void connectionChanged(ConnectionState state) {
        lock.lock();
        try {
            if (state.isConnected()) {
                changes = ZkChildren.Changes.everything();
            } else {
                fresh = false;
                losses++;
            }
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void readOn() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                readOnce();
            }
        } catch (InterruptedException e) {
            log.debug("watch ended path={}", path);
        }
    }

    private void readOnce() throws InterruptedException {
        ZkChildren.Changes taken;
        long lossesBefore;
        lock.lock();
        try {
            while (changes.isEmpty() || !session.connected()) {
                signal.await();
            }
            taken = changes;
            changes = ZkChildren.Changes.none();
            lossesBefore = losses;
        } finally {
            lock.unlock();
        }
        try {
            publish(children.read(entries(), taken), taken, lossesBefore);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            log.warn("cannot read path={}, trying again error=\"{}\"", path, e.getMessage());
            tryAgainSoon();
        }
    }

    private void publish(Map<String, T> next, ZkChildren.Changes read, long lossesBefore) {
        if (!next.equals(entries())) {
            entries.set(next);
        }
        lock.lock();
        try {
            if (read.isEverything() && lossesBefore == losses) {
                fresh = true;
                known = true;
            }
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tryAgainSoon() throws InterruptedException {
        lock.lock();
        try {
            fresh = false;
            long left = TimeUnit.MILLISECONDS.toNanos(RETRY_MS);
            while (left > 0 && !changes.isEverything()) {
                left = signal.awaitNanos(left);
            }
            changes = ZkChildren.Changes.everything();
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier condition) {
        long left = session.timeout().toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean() && left > 0) {
                left = signal.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Makes a value of a child's content; whatever it throws refuses that content. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String name, byte[] content) throws Exception;
    }
}
