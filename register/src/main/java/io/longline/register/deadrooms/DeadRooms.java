package io.longline.register.deadrooms;

import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.Incarnation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the incarnations that have routes with those that live, and sweeps the ones that are gone. */
public final class DeadRooms implements LeasedLoop.Task {
    private static final Logger log = LoggerFactory.getLogger(DeadRooms.class);

    private final Discovery discovery;
    private final RedisDeadRoomStore store;
    private final InstantSource clock;
    private final DeadRoomPolicy policy;
    private final RegisterMetrics metrics;

    public DeadRooms(
            Discovery discovery,
            RedisDeadRoomStore store,
            DeadRoomsConfig config,
            InstantSource clock,
            RegisterMetrics metrics) {
        this.discovery = discovery;
        this.store = store;
        this.clock = clock;
        this.policy = new DeadRoomPolicy(config.unseenGrace());
        this.metrics = metrics;
    }

    @Override
    public boolean due() {
        return true;
    }

    @Override
    public void run(Lease lease) {
        // In this order: whoever binds is announced already, so what has routes and lives is in the later list.
        Set<Incarnation> bound = store.bound();
        // Asked of ZooKeeper itself. While it is away this throws, and nobody is declared gone.
        Set<Incarnation> living = discovery.readNow("room").stream()
                .map(node -> new Incarnation(node.instance(), node.incarnation()))
                .collect(Collectors.toUnmodifiableSet());
        List<LonglineException> failures = new ArrayList<>();
        for (Incarnation incarnation : policy.gone(living, bound, clock.instant())) {
            if (!lease.valid()) {
                return;
            }
            try {
                int swept = store.sweep(incarnation);
                policy.swept(incarnation);
                metrics.roomGone(swept);
                log.info("a room is gone incarnation={} routes={}", incarnation, swept);
            } catch (LonglineException e) {
                failures.add(e); // Comes again, whole; the others do not wait for it.
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
