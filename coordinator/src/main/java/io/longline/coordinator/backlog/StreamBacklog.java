package io.longline.coordinator.backlog;

import io.longline.coordinator.backlog.BacklogStore.Portion;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.Stream;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is behind one stream, as long as its shard is held. In order stand: the stream, MySQL, the tail. So nothing goes from the tail into the
 * stream while MySQL has something, and what is taken from the tail is its oldest, and stands in MySQL before the tail forgets it.
 */
final class StreamBacklog {
    private static final Portion BATCH = new Portion(256, 512 << 10);
    /** A stream that has less than a quarter of what may wait in Redis is filled up to a half; an eighth in the tail is worth a write. */
    private static final int LOW = 4;

    private static final int FULL = 2;
    private static final int WORTH = 8;

    private final Stream stream;
    private final BacklogStore store;
    private final Archive archive;
    private final BacklogFlow.Wiring wiring;
    private final OutboxConfig.Limits limits;

    private final Runnable openAgain;

    private boolean filling;
    private long restsUntilNanos = System.nanoTime();
    private long refusedUntilNanos = System.nanoTime();
    /** Up to which seq MySQL has forgotten what came back. */
    private long gone;
    /** Up to which it is to forget next, and since when that has been in Redis; 0: none. */
    private long leaving;

    private long leavingSinceNanos;
    /** Before MySQL is to forget something for the first time it is asked what it has. */
    private boolean asks;

    private boolean asked;

    /** @param openAgain has MySQL asked what it has before the next {@link #move} */
    StreamBacklog(Stream stream, BacklogStore store, Archive archive, Runnable openAgain, BacklogFlow.Wiring wiring) {
        this.stream = stream;
        this.store = store;
        this.archive = archive;
        this.openAgain = openAgain;
        this.wiring = wiring;
        this.limits = wiring.limits();
    }

    /** Something is wrong with it: for a while only {@link #moveInRedis} does anything. */
    void rest() {
        restsUntilNanos = retryAtNanos();
    }

    /** It was seen what MySQL has. */
    void opened() {
        asked |= asks;
    }

    private long retryAtNanos() {
        return System.nanoTime() + wiring.config().retryAfter().toNanos();
    }

    /** From the tail into the stream. Whether anything was moved; throws LostException; likewise below. */
    boolean moveInRedis(Standing standing, long fence) {
        if (standing.rows() > 0 || !isBelow(standing, FULL)) {
            return false;
        }
        return came(store.shift(stream, fence, room(standing), gone));
    }

    /** What goes to MySQL, and what comes back. */
    boolean move(Standing standing, long fence) {
        if (System.nanoTime() - restsUntilNanos < 0) {
            return false;
        }
        letGo(standing, fence);
        boolean moved = false;
        boolean mayBeThere =
                standing.tail().firstSeq() > 0 && standing.tail().firstSeq() <= standing.out() && standing.rows() > 0;
        if (mayBeThere) { // whoever wrote it could not say so: it comes back once
            moved = moveOut(fence);
        }
        if (standing.rows() > 0 && !moved) {
            filling = isBelow(standing, LOW) || (filling && isBelow(standing, FULL));
            moved = filling && bringBack(standing, fence);
        }
        if (moveInRedis(standing, fence)) {
            return true;
        }
        return (isWorthMoving(standing.tail()) && moveOut(fence)) || moved;
    }

    private boolean moveOut(long fence) {
        if (System.nanoTime() - refusedUntilNanos < 0) {
            return false;
        }
        List<Event> events = store.tail(stream, fence, BATCH).orElseThrow(LostException::new);
        if (events.isEmpty()) {
            return false;
        }
        return switch (archive.keep(stream, fence, events)) {
            case KEPT -> {
                OptionalInt moved = store.movedOut(stream, fence, events);
                wiring.metrics().movedOut(moved.orElseThrow(LostException::new));
                yield true;
            }
            case FULL -> {
                refusedUntilNanos = retryAtNanos();
                wiring.metrics().refused();
                yield false;
            }
            case STALE -> throw new LostException();
        };
    }

    private boolean bringBack(Standing standing, long fence) {
        Archive.Page page = archive.read(stream, standing.back(), room(standing));
        OptionalInt count = store.cameBack(stream, fence, standing.back(), page.events(), page.more());
        wiring.metrics().broughtBack(count.orElseThrow(LostException::new));
        boolean _ = came(count);
        return true;
    }

    private boolean came(OptionalInt count) {
        boolean any = count.orElseThrow(LostException::new) > 0;
        if (any) {
            wiring.arrived().accept(stream);
        }
        return any;
    }

    /** Redis may lose what has come only just, and may have been rolled back since it was known what MySQL has. */
    private void letGo(Standing standing, long fence) {
        if (standing.settled() < leaving) {
            leaving = 0;
        }
        if (leaving == 0 && standing.settled() > gone) {
            leaving = standing.settled();
            leavingSinceNanos = System.nanoTime();
        }
        boolean isOld = System.nanoTime() - leavingSinceNanos
                >= wiring.config().letGoAfter().toNanos();
        if (leaving == 0 || !isOld) {
            return;
        }
        if (!asked) {
            asks = true;
            openAgain.run();
            return;
        }
        if (archive.letGo(stream, fence, leaving)) {
            gone = leaving;
        }
        leaving = 0;
    }

    private boolean isWorthMoving(Standing.Tail tail) {
        return tail.events() >= share(limits.perStream(), WORTH) || tail.bytes() >= share(limits.streamBytes(), WORTH);
    }

    /** Until the stream is half full; at least one event. */
    private Portion room(Standing standing) {
        long events = Math.max(1, share(limits.perStream(), FULL) - standing.events());
        long bytes = Math.max(1, share(limits.streamBytes(), FULL) - standing.bytes());
        return new Portion((int) Math.min(BATCH.events(), events), Math.min(BATCH.bytes(), bytes));
    }

    private boolean isBelow(Standing standing, int part) {
        return standing.events() < share(limits.perStream(), part)
                && standing.bytes() < share(limits.streamBytes(), part);
    }

    private static long share(long whole, int part) {
        return Math.max(1, whole / part);
    }
}
