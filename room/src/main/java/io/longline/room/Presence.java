package io.longline.room;

import io.longline.frames.CloseCode;
import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.room.refill.Probe;
import io.longline.room.refill.Rebind;
import io.longline.room.session.Incarnation;
import io.longline.room.topic.TopicLoop;
import io.longline.room.transport.Ending;
import io.longline.room.transport.port.LinkServer;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room as the others see it. Where they take it for dead, or may have done so because it was stopped, it goes on as another
 * incarnation. Where it could not tell them, because ZooKeeper is away for it alone, its clients are sent elsewhere until it can.
 * Thread-safe.
 */
final class Presence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    /**
     * Centers that have not heard of the room take a topic for told to all rooms 2 s after its message at the earliest. What is read so long after
     * the room could be seen has all such messages; of later ones the centers tell the room.
     */
    private static final long KNOWN_AFTER_NANOS = Duration.ofSeconds(3).toNanos();

    private static final Ending CUT_OFF = Ending.of(CloseCode.OVERLOADED, "the room is cut off");

    private final Incarnation incarnation;
    private final LongSupplier nanos;
    private final long unseenGraceNanos;
    private final RoomMetrics metrics;
    private boolean renewed;
    private long renewedAtNanos;
    private long lastSeenNanos;
    private boolean shut;
    private @Nullable Announced announced;

    /**
     * What is done about those who are here, and those who come.
     *
     * @param rebind under another incarnation
     * @param probe whether others take us for gone
     * @param links they come to
     * @param topics that they follow
     */
    record Clients(Rebind rebind, Probe probe, LinkServer links, List<TopicLoop> topics) {}

    private static final class Announced {
        final Announcement announcement;
        final Clients clients;
        Node node;
        boolean rereadDue = true;
        long seenSinceNanos;

        Announced(Announcement announcement, Clients clients, Node node, long nowNanos) {
            this.announcement = announcement;
            this.clients = clients;
            this.node = node;
            this.seenSinceNanos = nowNanos;
        }

        /** What was published before others knew of us has found nobody here. */
        void rereadWhenKnown(long nowNanos) {
            rereadDue = true;
            seenSinceNanos = nowNanos;
        }

        void rereadIfKnown(long nowNanos) {
            if (!announcement.visible()) {
                seenSinceNanos = nowNanos;
            } else if (rereadDue && nowNanos - seenSinceNanos >= KNOWN_AFTER_NANOS) {
                rereadDue = false;
                clients.topics().forEach(TopicLoop::reread);
            }
        }

        void update(Node to) {
            node = to;
            announcement.update(to);
        }
    }

    /** @param unseenGrace as long as nobody takes a room for gone that cannot be seen in ZooKeeper */
    Presence(Incarnation incarnation, LongSupplier nanos, Duration unseenGrace, RoomMetrics metrics) {
        this.incarnation = incarnation;
        this.nanos = nanos;
        this.unseenGraceNanos = unseenGrace.toNanos();
        this.metrics = metrics;
    }

    /** Clients are sent here from now on. */
    void announce(ZkDiscovery discovery, Node node, Clients clients) {
        Announcement announcement = discovery.announce(node);
        synchronized (this) {
            lastSeenNanos = nanos.getAsLong();
            announced = new Announced(announcement, clients, node, lastSeenNanos);
            if (node.incarnation() != incarnation.current()) {
                announced.update(node.withIncarnation(incarnation.current()));
            }
        }
        announcement.onLost(() -> goOn("the room's node in ZooKeeper was lost"));
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

    /**
     * A register refuses whatever this incarnation binds. Does not wait.
     *
     * @param number only of the present one it matters, and once
     */
    synchronized void declaredGone(long number) {
        if (announced == null || shut || number != incarnation.current()) {
            return;
        }
        metrics.declaredGone();
        if (announced.announcement.visible()) {
            goOn("the room was declared gone");
        } else {
            log.warn(
                    "the room was declared gone and cannot be announced again, its clients go elsewhere incarnation={} links={}",
                    number,
                    metrics.links());
            shut = true;
            announced.clients.links().shut(CUT_OFF);
        }
    }

    /** Whether we can be seen, and where we could not be for long, what others make of that; to be called about each second. Does not wait. */
    synchronized void look() {
        if (announced == null) {
            return;
        }
        long now = nanos.getAsLong();
        announced.rereadIfKnown(now);
        if (announced.announcement.visible()) {
            lastSeenNanos = now;
            if (shut) {
                goOn("the room can be announced again");
            }
        } else if (!shut && now - lastSeenNanos >= unseenGraceNanos) {
            announced.clients.probe().ask();
        }
    }

    private synchronized void goOn(String why) {
        long now = incarnation.renew();
        renewed = true;
        renewedAtNanos = nanos.getAsLong();
        log.warn("{}, it goes on under a new incarnation incarnation={}", why, now);
        if (announced != null) {
            announced.update(announced.node.withIncarnation(now));
            announced.rereadWhenKnown(renewedAtNanos);
            announced.clients.rebind().begin();
            if (shut && announced.announcement.visible()) {
                shut = false;
                announced.clients.links().reopen();
            }
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
