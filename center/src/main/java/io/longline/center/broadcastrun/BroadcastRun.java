package io.longline.center.broadcastrun;

import com.google.protobuf.ByteString;
import io.longline.center.job.BroadcastRate;
import io.longline.center.job.Job;
import io.longline.center.job.JobState;
import io.longline.center.job.Standing;
import io.longline.center.job.TakenJob;
import io.longline.center.push.BroadcastHead;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.BroadcastLimits;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one broadcast: has it put into the log of its topic, and asks every room again and again to send it, each at a share of the pace, until
 * nobody is left. The rooms do the work; who asks them may die at any moment, as what they were asked for ends by itself.
 */
public final class BroadcastRun {
    /** For how long nobody else is given what is carried out here. */
    public static final Duration LEASE = BroadcastHold.LEASE;
    /** How long something may be done after it was asked for, or told of. */
    public static final Duration SAFE = BroadcastHold.SAFE;

    private static final Logger log = LoggerFactory.getLogger(BroadcastRun.class);
    private static final Duration RECORD_PATIENCE = Duration.ofSeconds(1);
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** Of what has ended, so that it can be found in the log, and removed. */
    private static final Duration SHORT_TTL = Duration.ofSeconds(1);

    private final BroadcastTools tools;
    private final TakenJob taken;
    private final Job job;
    private final BroadcastHold hold;
    private final BroadcastEnd end;
    private final Behind behind;
    private final BooleanSupplier stopping;
    /** What one session takes of the bytes a second. */
    private int bytesEach;

    private Optional<Rooms> opened = Optional.empty();
    private String reason = "";

    /**
     * One that was taken.
     *
     * @param safe begun before it was asked for
     * @param stopping whether this process is about to leave
     */
    public BroadcastRun(BroadcastTools tools, TakenJob taken, Deadline safe, BooleanSupplier stopping) {
        this.tools = tools;
        this.taken = taken;
        this.job = taken.job();
        this.hold = new BroadcastHold(job.id(), taken.standing(), safe);
        this.behind = new Behind(tools);
        this.end = new BroadcastEnd(tools, taken, hold, behind::left);
        this.stopping = stopping;
    }

    /** Goes on from where it was left, until it is done, or somebody else is to go on. */
    public void run() {
        bytesEach = BroadcastHead.bytesEach(taken.push());
        boolean ended = job.state().isFinal() || isEndedMeanwhile();
        opened = open();
        if (opened.isEmpty()) {
            end.leave();
        } else if (ended) {
            end.drop(opened.get(), JobState.CANCELLED, "");
        } else {
            takeBehind(opened.get());
            send(opened.get());
        }
    }

    /** What goes to everybody as fast as rooms can takes those with it that do, too. */
    private void takeBehind(Rooms rooms) {
        if (isMergeable() && rooms.allMerge()) {
            behind.take(taken, rooms.entry().offset(), hold.deadline().atMost(LOG_PATIENCE));
            rooms.behind(behind.all());
        }
    }

    private boolean isMergeable() {
        return pace() == 0 && hold.standing().canaryPermille() == 0;
    }

    /** It failed in a way that nobody expected, and would again. */
    public void giveUp() {
        opened.ifPresent(behind::cutAll);
        end.fail(opened);
    }

    /** The record of its message may be missing, lost since, or a day old: it is written again, and may know of a recall. */
    private boolean isEndedMeanwhile() {
        try {
            return tools.jobs()
                    .record(job, ByteString.EMPTY, hold.deadline().atMost(RECORD_PATIENCE))
                    .state()
                    .isFinal();
        } catch (LonglineException e) {
            log.debug("no record of its message job={} error={}", job.id(), e.getMessage());
            return false;
        }
    }

    /** Until it is in the log; empty: we are to do nothing more with it. What has ended may be there all the same, and is to leave it. */
    private Optional<Rooms> open() {
        while (hold.isOurs() && !stopping.getAsBoolean()) {
            try {
                LogEntry entry = tools.logs()
                        .open(
                                taken,
                                taken.broadcast().offset(),
                                ttl(),
                                hold.deadline().atMost(LOG_PATIENCE));
                return Optional.of(new Rooms(tools.rooms(), taken, entry));
            } catch (LonglineException e) {
                if (!e.code().retryable()) {
                    throw e;
                }
                log.debug("not in the log yet job={} error={}", job.id(), e.getMessage());
                reason = e.code().name();
            }
            if (!job.state().isFinal()) {
                hold.report(end.report(taken.broadcast(), reason, null));
            }
            if (hold.standing().state() != job.state() || !sleep(AGAIN)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Duration ttl() {
        Duration left = Duration.ofMillis(job.endsAtMs() - tools.clock().estimate());
        return left.compareTo(SHORT_TTL) > 0 ? left : SHORT_TTL;
    }

    private void send(Rooms rooms) {
        reason = "";
        rooms.othersSend(othersSend());
        Cadence cadence = new Cadence();
        Deadline nextReport = Deadline.after(Duration.ZERO);
        while (hold.isOurs() && !stopping.getAsBoolean()) {
            if (nextReport.passed() || !hold.isHeard()) {
                nextReport = Deadline.after(Cadence.LONGEST);
                report(rooms);
            }
            if (!hold.isHeard()) {
                boolean _ = rooms.listen(AGAIN, AGAIN);
                continue;
            }
            if (hasEnded(rooms)) {
                return;
            }
            cut(rooms);
            rooms.send(hold.standing().canaryPermille(), pace(), hold.deadline());
            if (rooms.listen(cadence.next(), Cadence.LONGEST)
                    && rooms.isDone()
                    && !(pace() > 0 && rooms.awaitsLeavers())
                    && isFinished(rooms)) {
                return;
            }
        }
        if (stopping.getAsBoolean()) {
            giveBackAll(rooms);
            end.leave(rooms);
        }
    }

    /** Of those that are sent with it first: who takes it when its lease is over is to find theirs over, too. Nobody waits for theirs to begin with its own. */
    private void report(Rooms rooms) {
        CompletableFuture<Void> others = behind.report(rooms);
        hold.report(end.report(rooms.progress(), reason, null));
        others.join();
    }

    /** Those that are not to be sent with it any more are not; true: there were some. */
    private boolean cut(Rooms rooms) {
        if (!behind.all().isEmpty() && (!isMergeable() || rooms.isMixed())) {
            giveBackAll(rooms);
            return true;
        }
        boolean some = behind.cut(rooms);
        rooms.behind(behind.all());
        return some;
    }

    private void giveBackAll(Rooms rooms) {
        behind.cutAll(rooms);
        rooms.behind(List.of());
    }

    /** Whether it is not to go on, which is seen to then. */
    private boolean hasEnded(Rooms rooms) {
        Standing standing = hold.standing();
        boolean expired = tools.clock().estimate() >= job.endsAtMs();
        if (standing.state() != JobState.RUNNING || expired) {
            giveBackAll(rooms);
        }
        if (standing.state().isFinal()) {
            end.drop(rooms, JobState.CANCELLED, "");
        } else if (expired) {
            end.drop(rooms, JobState.CANCELLED, "ttl");
        } else if (standing.state() != JobState.RUNNING) {
            end.rest(rooms, null);
        } else {
            return false;
        }
        return true;
    }

    /** Nobody is left; false where somebody is to have it after all, or that cannot be told now. */
    private boolean isFinished(Rooms rooms) {
        int canary = hold.standing().canaryPermille();
        report(rooms);
        boolean asBefore = hold.isHeard()
                && hold.standing().state() == JobState.RUNNING
                && hold.standing().canaryPermille() == canary;
        if (!asBefore || cut(rooms)) {
            return false;
        }
        if (canary > 0) {
            end.rest(rooms, JobState.HOLDING);
            return true;
        }
        try {
            tools.logs().open(taken, rooms.upTo(), hold.deadline().atMost(LOG_PATIENCE));
        } catch (LonglineException e) {
            log.debug("not open to all yet job={} error={}", job.id(), e.getMessage());
            reason = e.code().name();
            return false;
        }
        end.done(rooms, behind, pace() > 0 || behind.haveSomeLeft());
        return true;
    }

    private int pace() {
        Standing standing = hold.standing();
        return new BroadcastRate(standing.ratePerS(), standing.bytesPerS(), bytesEach)
                .perS(limits(), standing.sharing());
    }

    private BroadcastLimits limits() {
        return tools.products().find(job.product()).map(Product::broadcasts).orElse(BroadcastLimits.NONE);
    }

    /**
     * For so long there may be rooms that send for who had it before, or that send another one of its product at a pace which knows nothing of
     * this one: whoever asks them hears of it with its next report.
     */
    private Duration othersSend() {
        if (limits().areShared() && taken.sharing() > 1) {
            return BroadcastHold.PATIENCE.plus(Shares.LONGEST);
        }
        return taken.isTakenOver() ? Shares.LONGEST : Duration.ZERO;
    }

    /** False if the process is stopping. */
    private static boolean sleep(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
