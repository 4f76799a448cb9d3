package io.longline.room.transport.door;

import io.longline.keeper.net.Network;
import io.longline.room.RoomMetrics;
import io.longline.room.transport.Ending;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where sockets come in, or not. */
public final class Door {
    private static final Logger log = LoggerFactory.getLogger(Door.class);

    /** Beyond what the room takes this part of it is let in to be told so, but not more than so many. */
    private static final int PART_TO_BE_TOLD = 20;

    private static final int MOST_TO_BE_TOLD = 500;

    private final int files;
    private final RoomMetrics metrics;
    private final long startNanos = System.nanoTime();
    private final AtomicInteger sockets = new AtomicInteger();
    private final Visits visits = new Visits();
    private final ConnectRate rate = new ConnectRate();
    private volatile DoorConfig config;
    private volatile int limit;
    private volatile @Nullable Ending shut;

    /** @param files how many connections the limit of open files leaves, see {@link io.longline.keeper.net.OpenFiles} */
    public Door(DoorConfig config, int files, RoomMetrics metrics) {
        this.files = files;
        this.metrics = metrics;
        this.config = config;
        this.limit = limit(config);
        metrics.watchDoor(sockets::get, this::limit, visits::addresses);
    }

    /** Other rules, for those who come from now on. Who is in stays. */
    public void change(DoorConfig changed) {
        limit = limit(changed);
        config = changed;
    }

    /** How many connections may be open. */
    public int limit() {
        return limit;
    }

    /** How many sockets are in, also those that have not said yet what they speak, and those that linger. */
    public int sockets() {
        return sockets.get();
    }

    private int limit(DoorConfig of) {
        if (of.connections() > files) {
            log.warn(
                    "room.max-connections is {}, but the limit of open files leaves {}; that many are taken",
                    of.connections(),
                    files);
        }
        return of.connections() == 0 ? files : Math.min(of.connections(), files);
    }

    /** Whether {@link #admit} is to be told from where a socket comes. */
    public boolean asksForAddress() {
        return config.asksForAddress();
    }

    /**
     * A socket was accepted; it counts until it has {@link #left}. Null: it is to be closed without a byte.
     *
     * @param from null: not asked for, or it is gone already
     */
    public @Nullable Pass admit(@Nullable InetAddress from) {
        DoorConfig rules = config;
        if (from != null && !isWelcome(from, rules)) {
            metrics.refusedSocket(RoomMetrics.Refusal.NETWORK);
            return null;
        }
        if (sockets.incrementAndGet() > limit + toBeTold(limit)) {
            sockets.decrementAndGet();
            metrics.refusedSocket(RoomMetrics.Refusal.FULL);
            return null;
        }
        Pass pass = from == null ? Pass.UNCOUNTED : pass(Network.site(from), rules);
        if (pass == null) {
            sockets.decrementAndGet();
        }
        return pass;
    }

    private static boolean isWelcome(InetAddress from, DoorConfig rules) {
        return !rules.deny().contain(from)
                && (rules.allow().isEmpty() || rules.allow().contain(from));
    }

    private @Nullable Pass pass(long site, DoorConfig rules) {
        int perSecond = rules.connectsPerAddress();
        if (perSecond > 0 && !rate.takes(site, perSecond, System.nanoTime() - startNanos)) {
            metrics.refusedSocket(RoomMetrics.Refusal.CONNECT_RATE);
            return null;
        }
        if (rules.connectionsPerAddress() == 0) {
            return Pass.UNCOUNTED;
        }
        Pass pass = visits.enter(site, rules.connectionsPerAddress());
        if (pass == null) {
            metrics.refusedSocket(RoomMetrics.Refusal.ADDRESS);
        }
        return pass;
    }

    /** A socket had waited while the room was stopped for long, and was closed without a byte. */
    public void cameBeforeAStop() {
        metrics.refusedSocket(RoomMetrics.Refusal.STOPPED);
    }

    public void left(Pass pass) {
        sockets.decrementAndGet();
        if (pass != Pass.UNCOUNTED) {
            visits.leave(pass);
        }
    }

    /** Whoever says from now on what it speaks is told this; null: is welcome again. */
    public void shut(@Nullable Ending why) {
        shut = why;
    }

    /** Why nobody may stay at present; null: whoever comes may. */
    public @Nullable Ending shut() {
        return shut;
    }

    /** Whether there are as many links as may be; who says now what it speaks is told 3003. */
    public boolean isFull() {
        return metrics.links() >= limit;
    }

    /** Links, or what sockets that have not spoken yet leave no room for. */
    public long taken() {
        return Math.max(metrics.links(), sockets.get() - toBeTold(limit));
    }

    private static int toBeTold(int limit) {
        return Math.clamp(limit / PART_TO_BE_TOLD, 1, MOST_TO_BE_TOLD);
    }
}
