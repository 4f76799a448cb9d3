package io.longline.center.broadcastrun;

import com.google.protobuf.ByteString;
import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.Job;
import io.longline.center.job.JobState;
import io.longline.center.job.Standing;
import io.longline.center.job.TakenJob;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broadcasts that are sent with the one whose turn it is, in order of offset: each with a lease, counts and an end of its own. They only become
 * fewer: what is not as it was when it was taken leaves with all behind it, and comes to its turn later. Used by one thread.
 */
final class Behind {
    private static final Logger log = LoggerFactory.getLogger(Behind.class);
    /** As many as a room takes. */
    private static final int MOST = 15;

    private static final int MOST_BYTES = 256 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Executor THREADS = Thread::startVirtualThread;

    private final BroadcastTools tools;
    private final List<One> all = new ArrayList<>();
    private final List<CompletableFuture<Void>> leaving = new ArrayList<>();
    private boolean someLeft;

    /**
     * One of them.
     *
     * @param counts how far it is
     */
    record One(TakenJob taken, LogEntry entry, BroadcastHold hold, BroadcastEnd end, Counts counts) {}

    Behind(BroadcastTools tools) {
        this.tools = tools;
    }

    /** Has those that can be sent with the first one put into the log, as far as that goes well. */
    void take(TakenJob first, long offset, Deadline until) {
        Deadline safe = Deadline.after(BroadcastHold.SAFE);
        List<Fresh> taken = List.of();
        try {
            taken =
                    tools
                            .work()
                            .takeBehind(first, BroadcastHold.LEASE, MOST, MOST_BYTES, until.atMost(PATIENCE))
                            .stream()
                            .map(one -> fresh(one, safe))
                            .toList();
        } catch (LonglineException e) {
            log.debug("none are taken behind job={} error={}", first.job().id(), e.getMessage());
        } catch (RuntimeException e) {
            log.error("none can be taken behind job={}", first.job().id(), e);
        }
        List<CompletableFuture<Boolean>> ended = taken.stream()
                .map(one -> CompletableFuture.supplyAsync(() -> isEnded(one.taken.job(), until), THREADS))
                .toList();
        int opened = 0;
        long last = offset;
        while (opened < taken.size()
                && !ended.get(opened).join()
                && open(taken.get(opened), last, until.atMost(PATIENCE))) {
            last = all.getLast().entry.offset();
            opened++;
        }
        taken.subList(opened, taken.size()).forEach(one -> giveBack(one.hold, one.end, one.taken.broadcast()));
    }

    private record Fresh(TakenJob taken, BroadcastHold hold, BroadcastEnd end) {}

    private Fresh fresh(TakenJob taken, Deadline safe) {
        BroadcastHold hold = new BroadcastHold(taken.job().id(), taken.standing(), safe);
        return new Fresh(taken, hold, new BroadcastEnd(tools, taken, hold, () -> {}));
    }

    /** Where that goes wrong it is left to its own turn. */
    private boolean isEnded(Job job, Deadline until) {
        try {
            return tools.jobs()
                    .record(job, ByteString.EMPTY, until.atMost(PATIENCE))
                    .state()
                    .isFinal();
        } catch (LonglineException e) {
            log.debug("no record of its message job={} error={}", job.id(), e.getMessage());
            return false;
        } catch (RuntimeException e) {
            log.error("it is not sent with another job={}", job.id(), e);
            return true;
        }
    }

    /** @param after where the one before it stands in the log */
    private boolean open(Fresh one, long after, Deadline deadline) {
        TakenJob taken = one.taken;
        Duration ttl = Duration.ofMillis(taken.job().endsAtMs() - tools.clock().estimate());
        if (deadline.passed() || ttl.isNegative() || ttl.isZero()) {
            return false;
        }
        try {
            LogEntry entry = tools.logs().open(taken, taken.broadcast().offset(), ttl, deadline);
            if (entry.offset() <= after) {
                log.warn(
                        "it stands before the one that it waits for job={} offset={}",
                        taken.job().id(),
                        entry.offset());
                return false;
            }
            Counts counts = new Counts(taken.broadcast());
            counts.offset(entry.offset());
            all.add(new One(taken, entry, one.hold, one.end, counts));
            return true;
        } catch (LonglineException e) {
            log.debug("not in the log yet job={} error={}", taken.job().id(), e.getMessage());
            return false;
        } catch (RuntimeException e) {
            log.error("it is not sent with another job={}", taken.job().id(), e);
            return false;
        }
    }

    /** In order of offset. */
    List<One> all() {
        return List.copyOf(all);
    }

    /** Tells of each how far it is, all at once. */
    CompletableFuture<Void> report(Rooms rooms) {
        return CompletableFuture.allOf(
                all.stream().map(one -> report(one, rooms.progress(one))).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> report(One one, BroadcastProgress progress) {
        return CompletableFuture.runAsync(() -> one.hold.report(one.end.report(progress, "", null)), THREADS);
    }

    /** Whether some have left, as one is not to be sent with the others any more. Those that have ended reach nobody from now on. */
    boolean cut(Rooms rooms) {
        int stays = 0;
        while (stays < all.size() && isAsBefore(all.get(stays))) {
            stays++;
        }
        return cut(rooms, stays);
    }

    /** Whether rooms were asked to send more of them than are left. */
    boolean haveSomeLeft() {
        return someLeft;
    }

    /** All leave. */
    void cutAll(Rooms rooms) {
        boolean _ = cut(rooms, 0);
    }

    /** Waits until saver has heard of those that have left, or does not listen. */
    void left() {
        leaving.forEach(CompletableFuture::join);
        leaving.clear();
    }

    private boolean cut(Rooms rooms, int stays) {
        List<One> leave = List.copyOf(all.subList(stays, all.size()));
        all.subList(stays, all.size()).clear();
        someLeft |= !leave.isEmpty();
        for (One one : leave) {
            if (one.hold.standing().state().isFinal()) {
                rooms.drop(one);
            }
            giveBack(one.hold, one.end, rooms.progress(one));
        }
        return !leave.isEmpty();
    }

    private boolean isAsBefore(One one) {
        Standing now = one.hold.standing();
        return one.hold.isOurs()
                && one.hold.isHeard()
                && now.state() == JobState.RUNNING
                && now.ratePerS() == 0
                && now.bytesPerS() == 0
                && now.canaryPermille() == 0
                && tools.clock().estimate() < one.taken.job().endsAtMs();
    }

    /** The first one is still ours, so nobody begins with this one before rooms were told. */
    private void giveBack(BroadcastHold hold, BroadcastEnd end, BroadcastProgress progress) {
        leaving.add(CompletableFuture.runAsync(() -> hold.last(end.report(progress, "", null, true)), THREADS));
    }

    /** All have it and everybody may read it: each is done, in order. */
    void done(Rooms rooms) {
        for (One one : List.copyOf(all)) {
            one.hold.last(one.end.report(rooms.progress(one), "", JobState.DONE));
            if (one.hold.isHeard() && one.hold.standing().state() != JobState.DONE) {
                all.remove(one);
                rooms.drop(one);
                one.end.removed(rooms, one);
            } else if (one.hold.isHeard()) {
                tools.metrics().broadcastEnded(JobState.DONE);
            }
        }
    }
}
