package io.longline.register.rebuild;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.ToldSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every living room for its sessions, all rooms at the same time and each again and again until it has answered in
 * full or is gone. One slow room keeps no other waiting. Used by one thread.
 */
final class RoomRefills implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RoomRefills.class);
    private static final Duration ATTEMPT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);
    private static final int CHUNK = 100;

    private final RoomClient rooms;
    private final RedisRebuildStore store;
    private final Set<Integer> shards;
    private final long fencing;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Incarnation, Future<?>> asked = new HashMap<>();

    RoomRefills(RoomClient rooms, RedisRebuildStore store, Set<Integer> shards, long fencing) {
        this.rooms = rooms;
        this.store = store;
        this.shards = shards;
        this.fencing = fencing;
    }

    /**
     * Begins to ask those who are new, gives up those who are gone, and answers who still owes an answer.
     *
     * @throws LonglineException SHARD_LOST if the claim does not stand any more; Redis or ZooKeeper is away
     */
    Set<Incarnation> owing() throws InterruptedException {
        Set<Incarnation> living = rooms.living();
        asked.entrySet()
                .removeIf(entry -> !living.contains(entry.getKey())
                        && (entry.getValue().isDone() || entry.getValue().cancel(true)));
        for (Incarnation room : living) {
            asked.computeIfAbsent(room, added -> threads.submit(() -> refill(added)));
        }
        for (Future<?> refill : asked.values()) {
            if (refill.isDone()) {
                failIfFailed(refill);
            }
        }
        return asked.entrySet().stream()
                .filter(entry -> !entry.getValue().isDone())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Gives up those who still owe. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private static void failIfFailed(Future<?> refill) throws InterruptedException {
        try {
            refill.get();
        } catch (ExecutionException e) {
            throw ErrorTranslator.fromAny(e);
        }
    }

    private Void refill(Incarnation room) throws InterruptedException {
        boolean logged = false;
        while (true) {
            try {
                restoreSessions(room);
                return null;
            } catch (LonglineException e) {
                if (e.code() == ErrorCode.SHARD_LOST || e.dependency().equals(Optional.of("redis"))) {
                    throw e; // Begun anew, with the shards that can be had then.
                }
                if (!logged) {
                    log.warn(
                            "a room does not tell its sessions, it is asked again room={} reason={}",
                            room,
                            e.getMessage());
                    logged = true;
                }
            }
            Thread.sleep(BETWEEN_ATTEMPTS);
        }
    }

    private void restoreSessions(Incarnation room) {
        Map<Integer, List<ToldSession>> chunks = new HashMap<>();
        rooms.sessions(room, shards, Deadline.after(ATTEMPT), session -> {
            int shard =
                    Shards.of(session.endpoint().product(), session.endpoint().user());
            if (!shards.contains(shard)) {
                return; // Not asked for, and not ours to fill.
            }
            List<ToldSession> chunk = chunks.computeIfAbsent(shard, first -> new ArrayList<>());
            chunk.add(session);
            if (chunk.size() == CHUNK) {
                store.restoreRoutes(shard, chunk, fencing);
                chunks.remove(shard);
            }
        });
        chunks.forEach((shard, chunk) -> store.restoreRoutes(shard, chunk, fencing));
    }
}
