package io.longline.coordinator.events;

import io.longline.coordinator.CoordinatorMetrics;
import io.longline.keeper.redis.RedisStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what happened to sessions and puts each event into the lane of its room. An entry leaves the stream when its room has answered or
 * is gone; until then it is pending there, and any coordinator that sees it idle for long takes it over.
 */
public final class EventFlow implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventFlow.class);

    private final EventStream stream;
    private final SessionClient rooms;
    private final EventConfig config;
    private final CoordinatorMetrics metrics;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentMap<Room, RoomLane> lanes = new ConcurrentHashMap<>();
    /** What the lanes have, so that it is not put there twice. */
    private final Set<SessionEvent.Entry> held = ConcurrentHashMap.newKeySet();

    private boolean failing;

    EventFlow(EventStream stream, SessionClient rooms, EventConfig config, CoordinatorMetrics metrics) {
        this.stream = stream;
        this.rooms = rooms;
        this.config = config;
        this.metrics = metrics;
        metrics.held(held);
    }

    public static EventFlow onRedis(
            RedisStore redis, SessionClient rooms, EventConfig config, CoordinatorMetrics metrics) {
        return new EventFlow(new RedisEventStream(redis, config.abandonedAfter(), metrics), rooms, config, metrics);
    }

    /** One start of one room. */
    private record Room(String instance, long incarnation) {}

    public void start() {
        threads.execute(this::run);
    }

    private void run() {
        long lastClaim = System.nanoTime();
        try {
            while (true) {
                boolean claim =
                        System.nanoTime() - lastClaim >= config.claimEvery().toNanos();
                lastClaim = claim ? System.nanoTime() : lastClaim;
                boolean busy = turn(claim);
                Thread.sleep(busy ? config.busyPause() : config.idlePause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there was something to do. */
    private boolean turn(boolean claim) {
        try {
            List<SessionEvent> fresh = stream.fresh();
            fresh.forEach(this::dispatch);
            if (claim) {
                stream.abandoned().forEach(this::dispatch);
            }
            failing = false;
            return !fresh.isEmpty();
        } catch (RuntimeException e) {
            metrics.readFailed();
            if (!failing) {
                log.warn("the event streams cannot be read, and are tried on error={}", e.getMessage());
            }
            failing = true;
            return false;
        }
    }

    private void dispatch(SessionEvent event) {
        if (!held.add(event.entry())) {
            return;
        }
        Room room = new Room(event.place().room(), event.place().incarnation());
        lanes.compute(room, (key, present) -> {
            RoomLane lane = present == null ? open(key) : present;
            if (!lane.offer(event)) {
                metrics.laneFull();
                held.remove(event.entry());
            }
            return lane;
        });
    }

    private RoomLane open(Room room) {
        RoomLane lane = new RoomLane(
                rooms, stream, config.heldPerRoom(), config.unseenGrace(), metrics, done -> held.remove(done.entry()));
        threads.execute(() -> lane.run(() -> retire(room)));
        return lane;
    }

    /** Nothing is put into a lane while this looks, so none is lost. */
    private boolean retire(Room room) {
        return lanes.computeIfPresent(room, (key, lane) -> lane.isEmpty() ? null : lane) == null;
    }

    /** Stops at once; what is not done is pending in the streams. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
