package io.longline.coordinator.backlog;

import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is behind the streams of one shard. Used by one thread at a time. */
final class ShardBacklog {
    private static final Logger log = LoggerFactory.getLogger(ShardBacklog.class);
    /** After so long MySQL is asked what it has, though the lease has not changed hands: Redis may have been rolled back. */
    private static final Duration OPEN_EVERY = Duration.ofMinutes(1);
    /** Batches of each stream until the shard is looked at again. */
    private static final int ROUNDS = 16;
    /** Errors of who is away or slow, not of a stream. */
    private static final Set<ErrorCode> ALL_WAIT = EnumSet.of(
            ErrorCode.DEPENDENCY_DOWN, ErrorCode.DEADLINE_EXCEEDED, ErrorCode.OVERLOADED, ErrorCode.DRAINING);

    private final int shard;
    private final BacklogStore store;
    private final Archive archive;
    private final BacklogFlow.Wiring wiring;
    private final Map<Stream, StreamBacklog> streams = new HashMap<>();

    private volatile long openedUnder;
    private volatile long openedAtNanos;
    private volatile long rows;

    ShardBacklog(int shard, BacklogStore store, Archive archive, BacklogFlow.Wiring wiring) {
        this.shard = shard;
        this.store = store;
        this.archive = archive;
        this.wiring = wiring;
    }

    /** In MySQL, when it was looked at last. From any thread. */
    long rows() {
        return rows;
    }

    /** Nothing of it is counted here. From any thread. */
    void left() {
        rows = 0;
    }

    /** Whether MySQL is to be asked what it has. From any thread. */
    boolean isDue(long fence) {
        return openedUnder != fence || System.nanoTime() - openedAtNanos >= OPEN_EVERY.toNanos();
    }

    /** What goes without MySQL. False where the shard is another's now. Fails with LonglineException while the store is away. */
    boolean moveInRedis(long fence) {
        try {
            if (openedUnder != fence) {
                streams.clear();
                openedUnder = 0;
            }
            rounds(fence, StreamBacklog::moveInRedis);
            return true;
        } catch (LostException e) {
            return lost(fence, e);
        }
    }

    /** The rest; likewise. */
    boolean move(long fence) {
        try {
            if (isDue(fence)) {
                open(fence);
            }
            rounds(fence, StreamBacklog::move);
            return true;
        } catch (LostException e) {
            return lost(fence, e);
        }
    }

    private boolean lost(long fence, LostException e) {
        openedUnder = 0;
        rows = 0;
        log.debug("the backlog is left shard={} fence={} error={}", shard, fence, e.getMessage());
        return false;
    }

    private void open(long fence) {
        List<Archive.Size> sizes = archive.open(shard, fence).orElseThrow(LostException::new);
        for (Archive.Size size : sizes) {
            if (store.found(size, fence).orElseThrow(LostException::new)) {
                wiring.metrics().found(size.events());
                log.info("backlog found stream={} events={}", size.stream(), size.events());
            }
        }
        openedUnder = fence;
        openedAtNanos = System.nanoTime();
        streams.values().forEach(StreamBacklog::opened);
    }

    private void rounds(long fence, Step step) {
        boolean moved = true;
        for (int round = 0; moved && round < ROUNDS; round++) {
            Optional<List<Standing>> known = store.standing(shard, fence);
            List<Standing> all = known.orElseThrow(LostException::new);
            rows = all.stream().mapToLong(Standing::rows).sum();
            streams.keySet().retainAll(all.stream().map(Standing::stream).toList());
            moved = roundOf(all, step, fence);
        }
    }

    /** What is wrong with one stream holds up no other. */
    private boolean roundOf(List<Standing> all, Step step, long fence) {
        boolean moved = false;
        for (Standing each : all) {
            StreamBacklog stream = streams.computeIfAbsent(
                    each.stream(), name -> new StreamBacklog(name, store, archive, this::openAgain, wiring));
            try {
                moved |= step.move(stream, each, fence);
            } catch (LostException e) {
                throw e;
            } catch (LonglineException e) {
                if (ALL_WAIT.contains(e.code())) {
                    throw e;
                }
                log.warn("a backlog cannot be moved stream={} error={}", each.stream(), e.getMessage());
                rest(stream);
            } catch (RuntimeException e) {
                log.error("a fault of ours, a backlog stays where it is stream={}", each.stream(), e);
                rest(stream);
            }
        }
        return moved;
    }

    private void rest(StreamBacklog stream) {
        stream.rest();
        wiring.metrics().failed();
    }

    private void openAgain() {
        openedAtNanos = System.nanoTime() - OPEN_EVERY.toNanos();
    }

    /** One batch there, and one back. */
    private interface Step {
        boolean move(StreamBacklog stream, Standing standing, long fence);
    }
}
