package io.longline.room;

import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.room.refill.Rebind;
import io.longline.room.session.Incarnation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room as the others see it. Where its ZooKeeper session was lost, they take it for dead; it goes on as another incarnation. */
final class Presence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final Incarnation incarnation;
    private final Rebind rebind;
    private final Announcement announcement;
    private Node node;

    /** Announces the room. */
    Presence(ZkDiscovery discovery, Node node, Incarnation incarnation, Rebind rebind) {
        this.incarnation = incarnation;
        this.rebind = rebind;
        this.node = node;
        this.announcement = discovery.announce(node);
        announcement.onLost(this::goOn);
    }

    private synchronized void goOn() {
        long renewed = incarnation.renew();
        log.warn("the ZooKeeper session was lost, the room goes on under a new incarnation incarnation={}", renewed);
        node = node.withIncarnation(renewed);
        announcement.update(node);
        rebind.begin();
    }

    /** How many links there are now. Does not wait. */
    synchronized void load(long links) {
        if (node.load() != links && node.state() == NodeState.READY) {
            node = node.withLoad(links);
            announcement.update(node);
        }
    }

    /** Withdraws: no client is sent here any more, and the register forgets what is left. */
    @Override
    public void close() {
        announcement.close();
    }
}
