package io.longline.center.broadcastrun;

import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.BroadcastReport;
import io.longline.center.job.JobState;
import io.longline.center.job.TakenJob;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How work on a broadcast ends: the rooms are told, the log, and saver last, so that who comes next finds nobody sending. */
final class BroadcastEnd {
    private static final Logger log = LoggerFactory.getLogger(BroadcastEnd.class);
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofMillis(250);
    /** Of a process that is about to leave. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final BroadcastTools tools;
    private final TakenJob taken;
    private final BroadcastHold hold;
    private final Runnable beforeLast;

    /** @param beforeLast awaits what saver is to hear before the last of this one */
    BroadcastEnd(BroadcastTools tools, TakenJob taken, BroadcastHold hold, Runnable beforeLast) {
        this.tools = tools;
        this.taken = taken;
        this.hold = hold;
        this.beforeLast = beforeLast;
    }

    BroadcastHold.Report report(BroadcastProgress progress, String reason, @Nullable JobState end) {
        return report(progress, reason, end, false);
    }

    BroadcastHold.Report report(BroadcastProgress progress, String reason, @Nullable JobState end, boolean givesBack) {
        BroadcastReport report = new BroadcastReport(progress, reason, end);
        return (lease, deadline) -> tools.work().reportBroadcast(taken, report, givesBack, lease, deadline);
    }

    private void last(BroadcastHold.Report report) {
        beforeLast.run();
        hold.last(report);
    }

    /** Nobody was asked anything. */
    void leave() {
        if (!taken.job().state().isFinal()) {
            last(report(taken.broadcast(), "", null, !taken.isTakenOver()));
        }
    }

    /** This process is stopping; another one goes on. */
    void leave(Rooms rooms) {
        quiet(rooms, Wish.REST, SHORT);
        last(report(rooms.progress(), "", null, rooms.isClear()));
    }

    /** It rests; {@code end} HOLDING: its canary has it. */
    void rest(Rooms rooms, @Nullable JobState end) {
        quiet(rooms, Wish.REST, Shares.LONGEST);
        last(report(rooms.progress(), "", end, rooms.isClear()));
        if (hold.isHeard() && hold.standing().state().isFinal()) {
            drop(rooms, JobState.CANCELLED, "");
        }
    }

    /** Everybody may read it, and those that were sent with it. */
    void done(Rooms rooms, Behind behind, boolean paced) {
        rooms.ask(Wish.OVER);
        boolean _ = rooms.listen(Duration.ZERO, Shares.CALL);
        if (paced) {
            quiet(rooms, Wish.OVER, Shares.LOOKED_AT); // what comes next begins with a second of its own
        }
        last(report(rooms.progress(), "", JobState.DONE));
        if (!hold.isHeard()) {
            return;
        }
        boolean isDone = hold.standing().state() == JobState.DONE;
        if (isDone) {
            tools.metrics().broadcastEnded(JobState.DONE);
        } else {
            drop(rooms, JobState.CANCELLED, "");
        }
        behind.done(rooms);
        if (isDone) {
            tools.lateAcks().follow(rooms);
        }
    }

    /** One that was sent with another, and was cancelled when everybody could read it. Where the log does not hear of it somebody comes back to that. */
    void removed(Rooms rooms, Behind.One one) {
        try {
            tools.logs().remove(taken, one.entry().offset(), hold.deadline().atMost(LOG_PATIENCE));
            last(report(rooms.progress(one), "", JobState.CANCELLED));
            tools.metrics().broadcastEnded(JobState.CANCELLED);
        } catch (LonglineException e) {
            log.debug("not removed yet job={} error={}", taken.job().id(), e.getMessage());
        }
    }

    /** Nobody gets it any more. Where the log does not hear of it somebody comes back to that when our time is over. */
    void drop(Rooms rooms, JobState state, String reason) {
        rooms.ask(Wish.DROP);
        boolean _ = rooms.listen(Duration.ZERO, Shares.CALL);
        if (remove(rooms)) {
            quiet(rooms, Wish.DROP, Shares.LONGEST);
            last(report(rooms.progress(), reason, state));
            tools.metrics().broadcastEnded(state);
        }
    }

    private boolean remove(Rooms rooms) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                tools.logs()
                        .remove(taken, rooms.entry().offset(), hold.deadline().atMost(LOG_PATIENCE));
                return true;
            } catch (LonglineException e) {
                log.debug("not removed yet job={} error={}", taken.job().id(), e.getMessage());
                if (!hold.isOurs() || !rooms.listen(AGAIN, AGAIN)) {
                    return false;
                }
            }
        }
        return false;
    }

    /** It failed in a way that nobody expected; {@code rooms} empty: it is not known whether the log has it. */
    void fail(Optional<Rooms> rooms) {
        String reason = ErrorCode.INTERNAL.name();
        if (rooms.isPresent()) {
            drop(rooms.get(), JobState.FAILED, reason);
        } else {
            last(report(taken.broadcast(), reason, JobState.FAILED));
        }
    }

    /** Asks all, until none may be sending, or for so long. */
    private static void quiet(Rooms rooms, Wish wish, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        do {
            rooms.ask(wish);
        } while (rooms.listen(AGAIN, Shares.CALL) && !rooms.isClear() && end - System.nanoTime() > 0);
    }
}
