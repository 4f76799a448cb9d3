package io.longline.room;

import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.room.refill.Rebind;
import io.longline.room.session.Incarnation;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room as the others see it. Where they take it for dead, or may have done so because it was stopped, it goes on as another
 * incarnation. Thread-safe.
 */
final class Presence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final Incarnation incarnation;
    private final LongSupplier nanos;
    private final RoomMetrics metrics;
    private boolean renewed;
    private long renewedAtNanos;
    private @Nullable Announced announced;

    private static final class Announced {
        final Announcement announcement;
        final Rebind rebind;
        Node node;

        Announced(Announcement announcement, Rebind rebind, Node node) {
            this.announcement = announcement;
            this.rebind = rebind;
            this.node = node;
        }

        void update(Node to) {
            node = to;
            announcement.update(to);
        }
    }

    Presence(Incarnation incarnation, LongSupplier nanos, RoomMetrics metrics) {
        this.incarnation = incarnation;
        this.nanos = nanos;
        this.metrics = metrics;
    }

    /** Clients are sent here from now on. */
    void announce(ZkDiscovery discovery, Node node, Rebind rebind) {
        Announcement announcement = discovery.announce(node);
        synchronized (this) {
            announced = new Announced(announcement, rebind, node);
            if (node.incarnation() != incarnation.current()) {
                announced.update(node.withIncarnation(incarnation.current()));
            }
        }
        announcement.onLost(() -> goOn("the ZooKeeper session was lost"));
    }

    /**
     * A loop found that the process was stopped, for longer than a ZooKeeper session lives. All loops find that; the first one's word
     * is enough. Does not wait.
     *
     * @param sinceNanos when it was last awake
     */
    synchronized void stopped(long sinceNanos) {
        if (!renewed || renewedAtNanos - sinceNanos < 0) {
            metrics.stopped();
            goOn("the room was stopped");
        }
    }

    private synchronized void goOn(String why) {
        long now = incarnation.renew();
        renewed = true;
        renewedAtNanos = nanos.getAsLong();
        log.warn("{}, it goes on under a new incarnation incarnation={}", why, now);
        if (announced != null) {
            announced.update(announced.node.withIncarnation(now));
            announced.rebind.begin();
        }
    }

    /** How many links there are now. Does not wait. */
    synchronized void load(long links) {
        if (announced != null && announced.node.load() != links) {
            announced.update(announced.node.withLoad(links));
        }
    }

    /** Whether clients are to be sent elsewhere. Does not wait. */
    synchronized void full(boolean full) {
        NodeState state = full ? NodeState.FULL : NodeState.READY;
        if (announced != null && announced.node.state() != state) {
            log.info("the room is now {} links={}", state, metrics.links());
            announced.update(announced.node.withState(state).withLoad(metrics.links()));
        }
    }

    /** Withdraws: no client is sent here any more, and the register forgets what is left. */
    @Override
    public void close() {
        Announced last;
        synchronized (this) {
            last = announced;
            announced = null;
        }
        if (last != null) {
            last.announcement.close(); // waits for whoever tells us that a session was lost
        }
    }
}
