package io.longline.coordinator.group;

import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Pulls that wait: of a group one at a time looks, the others come after it in the order of their coming. From any thread. */
final class Turns implements AutoCloseable {
    private static final int NOTES = 512;

    private final Map<String, Map<String, Turn>> byStream = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Of one group. */
    static final class Turn {
        private final Semaphore mine = new Semaphore(1, true);
        /** Shards in which something came in; those that do not fit are found by looking. */
        private final BlockingQueue<Integer> woken = new ArrayBlockingQueue<>(NOTES);

        private int users;

        /** Waits until nobody before us waits any more; false where the time is over first. */
        boolean begin(Deadline until) throws InterruptedException {
            return mine.tryAcquire(until.remainingNanos(), TimeUnit.NANOSECONDS);
        }

        void end() {
            mine.release();
        }

        /** The shards in which something has come in, as soon as it does; none where the time is over first. */
        Set<Integer> await(Duration most) throws InterruptedException {
            Set<Integer> shards = new HashSet<>();
            Integer first = woken.poll(most.toNanos(), TimeUnit.NANOSECONDS);
            if (first != null) {
                shards.add(first);
                woken.drainTo(shards);
            }
            return shards;
        }
    }

    /** Whoever enters leaves again. */
    Turn enter(Group group) {
        Turn[] entered = new Turn[1];
        byStream.compute(group.stream(0).name(), (_, present) -> {
            Map<String, Turn> turns = present == null ? new ConcurrentHashMap<>() : present;
            Turn turn = turns.computeIfAbsent(group.name(), _ -> new Turn());
            turn.users++;
            entered[0] = turn;
            return turns;
        });
        return entered[0];
    }

    void leave(Group group) {
        byStream.computeIfPresent(group.stream(0).name(), (_, turns) -> {
            turns.computeIfPresent(group.name(), (_, turn) -> --turn.users == 0 ? null : turn);
            return turns.isEmpty() ? null : turns;
        });
    }

    /** Something has come in. */
    void wake(Stream stream) {
        Map<String, Turn> turns = byStream.get(stream.name());
        if (turns != null) {
            turns.values().forEach(turn -> turn.woken.offer(stream.shard()));
        }
    }

    /** Whether nobody is to wait any longer. */
    boolean isClosed() {
        return closed;
    }

    int size() {
        return byStream.size();
    }

    @Override
    public void close() {
        closed = true;
        byStream.values().forEach(turns -> turns.values().forEach(turn -> turn.woken.offer(0)));
    }
}
