package io.longline.coordinator.outbox;

import io.longline.coordinator.callback.Gates;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the events of one shard to their callbacks, while it holds the shard's lease: it keeps in mind what waits, sends what may go, and
 * has the store forget what was taken. One thread; what the threads of the deliveries have to say comes in its mailbox.
 */
final class ShardReader implements StreamReader.Shard {
    private static final Logger log = LoggerFactory.getLogger(ShardReader.class);
    private static final long SOON_MS = 100;
    /** Whom the shard does not belong to asks so much less often. */
    private static final int SELDOM = 5;
    /** Whom it does not belong to takes it when it was free for so long, and gives it back after so long. */
    private static final Duration FREE_FOR = Duration.ofSeconds(10);

    private static final Duration TURN = Duration.ofSeconds(30);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);

    private final int shard;
    private final Tools tools;
    /** Bounded by what is under way: each delivery puts one thing into it, and a wake-up is there once. */
    private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();

    private final AtomicBoolean woken = new AtomicBoolean();
    private final Map<Stream, StreamReader> streams = new HashMap<>();
    /** Streams that no callback is there for, as they were when they were looked at last. */
    private final Map<Stream, Abandoned> abandoned = new HashMap<>();

    private volatile long fence;
    private volatile int size;
    private boolean look = true;
    private long lookedAtNanos = System.nanoTime();
    private long leaseEndsNanos;
    private long strangerSinceNanos;
    private int underWay;
    private int faults;

    /**
     * What all readers share.
     *
     * @param holder under which leases are held; of this start of this process alone
     * @param owners whom a shard belongs to
     */
    record Tools(
            OutboxStore store,
            Gates gates,
            Delivery delivery,
            Lanes lanes,
            Burials burials,
            References references,
            OutboxConfig config,
            Backlog backlog,
            String holder,
            Owners owners) {}

    /** Whom shards belong to. */
    interface Owners {
        boolean isOurs(int shard);
    }

    /** A stream that no callback is there for. */
    private record Abandoned(long lookedAtNanos, boolean overdue) {}

    ShardReader(int shard, Tools tools) {
        this.shard = shard;
        this.tools = tools;
    }

    /** There is something new. From any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            mailbox.add(() -> {
                woken.set(false);
                look = true;
            });
        }
    }

    boolean isHeld() {
        return fence != 0;
    }

    @Override
    public long fence() {
        return fence;
    }

    int size() {
        return size;
    }

    /** Until it is interrupted; then it waits a little for deliveries that are under way, and gives the lease back if there are none left. */
    void run() {
        try {
            while (true) {
                handle(mailbox.poll(turn(), TimeUnit.MILLISECONDS));
            }
        } catch (InterruptedException e) {
            log.debug("closes shard={}", shard);
        }
        end();
        Thread.currentThread().interrupt();
    }

    private void handle(@Nullable Runnable first) {
        for (Runnable task = first; task != null; task = mailbox.poll()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                beginAnew(e);
            }
        }
    }

    private void end() {
        long untilNanos = System.nanoTime() + LAST_ANSWERS.toNanos();
        try {
            while (underWay > 0 && System.nanoTime() < untilNanos) {
                handle(mailbox.poll(SOON_MS, TimeUnit.MILLISECONDS));
            }
            if (underWay == 0) {
                giveBack();
            } else { // nobody else is to send it while it may arrive still
                streams.values().forEach(StreamReader::finish);
                log.debug("the lease runs out by itself shard={} under_way={}", shard, underWay);
            }
        } catch (InterruptedException | RuntimeException e) {
            log.debug("the lease runs out by itself shard={} error={}", shard, e.getMessage());
        }
    }

    /** How long to wait for what comes next, in ms. */
    private long turn() {
        try {
            if (look || System.nanoTime() - lookedAtNanos >= pause().toNanos()) {
                look = false;
                lookedAtNanos = System.nanoTime();
                look();
            }
            streams.values().forEach(StreamReader::finish);
        } catch (LonglineException e) {
            tools.delivery().storeFailed(e);
        } catch (RuntimeException | Error e) {
            beginAnew(e);
        }
        long next = pause().toMillis();
        for (StreamReader each : streams.values()) {
            try {
                next = Math.min(next, each.dispatch(isAbandoned(each.stream())));
            } catch (RuntimeException | Error e) {
                log.error("a fault of ours, the others go on stream={}", each.stream(), e);
            }
        }
        size = streams.values().stream().mapToInt(StreamReader::size).sum();
        return Math.max(1, next);
    }

    private Duration pause() {
        Duration each = tools.config().lookEvery();
        return isHeld() || tools.owners().isOurs(shard) ? each : each.multipliedBy(SELDOM);
    }

    // ---- the lease ----

    private void look() {
        boolean ours = tools.owners().isOurs(shard);
        long now = System.nanoTime();
        if (ours || !isHeld()) {
            strangerSinceNanos = now;
        }
        if (hasStayedTooLong() && underWay == 0) {
            giveBack();
            return;
        }
        Duration lease = tools.config().lease();
        Optional<OutboxStore.Held> held = tools.store().hold(shard, holder(), lease, ours ? Duration.ZERO : FREE_FOR);
        if (held.isEmpty()) {
            lose();
            return;
        }
        if (held.get().fence() != fence) {
            lose();
            fence = held.get().fence();
        }
        leaseEndsNanos = now + lease.toNanos();
        readAll(held.get().streams());
        if (isHeld()) {
            tools.backlog().look(shard, fence, held.get().behind());
        }
    }

    private boolean hasStayedTooLong() {
        return isHeld() && System.nanoTime() - strangerSinceNanos >= TURN.toNanos();
    }

    private void giveBack() {
        long given = fence;
        if (given != 0) {
            streams.values().forEach(StreamReader::finish);
            lose();
            tools.store().release(shard, given);
        }
    }

    /** Under another name, so with another fence: what is under way still is not to be mixed with what is read now. */
    private void beginAnew(Throwable fault) {
        log.error("a fault of ours, the shard is read anew shard={}", shard, fault);
        long given = fence;
        faults++;
        lose();
        try {
            tools.store().release(shard, given);
        } catch (LonglineException e) {
            log.debug("the lease runs out by itself shard={} error={}", shard, e.getMessage());
        }
    }

    private String holder() {
        return tools.holder() + "/" + faults;
    }

    /** What is under way is somebody else's now. */
    private void lose() {
        fence = 0;
        streams.values().forEach(StreamReader::close);
        streams.clear();
        abandoned.clear();
        tools.backlog().left(shard);
    }

    // ---- what waits ----

    private void readAll(List<Stream> present) {
        Set<Stream> gone = new HashSet<>(streams.keySet());
        for (Stream stream : present) {
            if (!isWanted(stream) && !isOverdue(stream)) {
                if (!isHeld()) {
                    return;
                }
                continue;
            }
            gone.remove(stream);
            streams.computeIfAbsent(stream, _ -> new StreamReader(stream, this, tools))
                    .read();
            if (!isHeld()) {
                return;
            }
        }
        gone.removeIf(this::isBusy);
        gone.forEach(stream -> Objects.requireNonNull(streams.get(stream)).close());
        streams.keySet().removeAll(gone);
        abandoned.keySet().retainAll(present);
    }

    /** What nobody is called for any more only takes room here. */
    private boolean isWanted(Stream stream) {
        try {
            return tools.gates().of(stream.product(), stream.kind()).isPresent();
        } catch (RuntimeException e) {
            log.error("a fault of ours, the others go on stream={}", stream, e);
            return false;
        }
    }

    private boolean isNobodys(Stream stream) {
        try {
            return tools.gates().isWithout(stream.product(), stream.kind());
        } catch (RuntimeException e) {
            log.error("a fault of ours, nothing leaves stream={}", stream, e);
            return false;
        }
    }

    /** Nobody takes it, no callback and no group, and the oldest of it has waited too long. It is looked at now and then. */
    private boolean isOverdue(Stream stream) {
        long now = System.nanoTime();
        Abandoned known = abandoned.get(stream);
        if (known == null || now - known.lookedAtNanos >= lookAtAbandonedEvery().toNanos()) {
            known = new Abandoned(now, looksOverdue(stream));
            if (isHeld()) {
                abandoned.put(stream, known);
            }
        }
        return known.overdue;
    }

    private Duration lookAtAbandonedEvery() {
        Duration burials = tools.burials().lookEvery();
        return burials.compareTo(SWEEP_EVERY) < 0 ? burials : SWEEP_EVERY;
    }

    /** What all groups have, and only a callback would have said of that it may leave, leaves on the way. */
    private boolean looksOverdue(Stream stream) {
        if (!isNobodys(stream)) {
            return false;
        }
        Optional<OutboxStore.Claims> claims = tools.store().sweep(stream, fence);
        if (claims.isEmpty()) {
            lose();
            return false;
        }
        return claims.get() == OutboxStore.Claims.NONE
                && tools.store()
                        .index(stream, fence, 0, 1)
                        .filter(first -> first.refs().stream()
                                .anyMatch(ref -> ref.seq() < tools.burials().overdueBefore()))
                        .isPresent();
    }

    private boolean isBusy(Stream stream) {
        StreamReader reader = streams.get(stream);
        return reader != null && reader.isBusy();
    }

    private boolean isAbandoned(Stream stream) {
        Abandoned known = abandoned.get(stream);
        return known != null && known.overdue;
    }

    // ---- what streams ask for ----

    @Override
    public boolean mayBegin() {
        return isHeld() && System.nanoTime() < leaseEndsNanos && !hasStayedTooLong();
    }

    @Override
    public void lost() {
        fence = 0; // the streams are forgotten with the next look
    }

    @Override
    public void begun() {
        underWay++;
    }

    @Override
    public void ended(StreamReader reader, Runnable settle) {
        mailbox.add(() -> {
            underWay--;
            if (streams.get(reader.stream()) == reader) { // the lease was not lost meanwhile
                settle.run();
            }
        });
    }
}
