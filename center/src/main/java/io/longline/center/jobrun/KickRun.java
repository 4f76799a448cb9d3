package io.longline.center.jobrun;

import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.center.job.Job;
import io.longline.center.job.JobKick;
import io.longline.center.job.JobReport;
import io.longline.center.job.JobState;
import io.longline.center.job.JobWorkClient;
import io.longline.center.job.Progress;
import io.longline.center.job.TakenJob;
import io.longline.center.kick.KickClient;
import io.longline.center.push.Target;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kicks the users of one job from where it was left: some of them, what became of that to saver, the next. Who was kicked and not told of is asked
 * for once more, by this run or by whoever has the job next; register knows that it was for this job, ends nobody and answers the same.
 */
public final class KickRun implements JobRun {
    private static final Logger log = LoggerFactory.getLogger(KickRun.class);

    private final Tools tools;
    private final TakenJob taken;
    private final Job job;
    private final JobKick kick;
    private final Hold hold;
    private final JobList list;
    private final Pace pace = new Pace(System::nanoTime);
    private Progress progress;

    /** What all runs of a center work with. */
    public record Tools(JobWorkClient work, KickClient register, StoreClock clock, CenterMetrics metrics) {}

    KickRun(Tools tools, TakenJob taken, JobKick kick, Hold hold) {
        this.tools = tools;
        this.taken = taken;
        this.job = taken.job();
        this.kick = kick;
        this.hold = hold;
        this.list = new JobList(tools.work, taken);
        this.progress = job.progress();
    }

    @Override
    public void run() {
        while (!isDone() && !isOver()) {
            if (!hold.rest(pace.untilFree(), report("")) || !kickSome()) {
                leave();
                return;
            }
        }
        end(isDone() ? JobState.DONE : JobState.CANCELLED, isDone() ? "" : "ttl");
    }

    private void leave() {
        if (hold.hasEnded()) {
            end(JobState.CANCELLED, "");
        } else {
            hold.leave(report(""));
        }
    }

    @Override
    public void giveUp() {
        end(JobState.FAILED, ErrorCode.INTERNAL.name());
    }

    private boolean isDone() {
        return progress.done() >= job.targeted();
    }

    private boolean isOver() {
        return tools.clock.estimate() >= job.endsAtMs();
    }

    /** Whether it is to go on. What fails for a while is tried again, with those that did not: that changes nothing at them. */
    private boolean kickSome() {
        int perS = hold.standing().ratePerS();
        Backoff backoff = new Backoff();
        while (true) {
            try {
                List<Target> some =
                        list.from(progress.done(), Pace.together(perS, SendRun.MOST_TOGETHER), hold.deadline());
                pace.sent(some.size(), perS);
                Kicked kicked = kick(some);
                progress = progress.plus(kicked.progress());
                tools.metrics.kicked(kicked.progress().sent(), kicked.progress().skippedInAll());
                return hold.report(report(""));
            } catch (LonglineException e) {
                if (!e.code().retryable()) {
                    throw e;
                }
                log.debug("kick is tried again job={} error={}", job.id(), e.getMessage());
                if (!hold.rest(backoff.next(), report(e.code().name())) || isOver()) {
                    return !hold.hasEnded() && isOver();
                }
            }
        }
    }

    private Kicked kick(List<Target> users) {
        List<CompletableFuture<OptionalInt>> asked = users.stream()
                .map(user ->
                        tools.register.kick(job.product(), user.user(), user.device(), kick, job.id(), hold.deadline()))
                .toList();
        Kicked kicked = new Kicked();
        for (int i = 0; i < asked.size(); i++) {
            try {
                kicked.answered(asked.get(i).join());
            } catch (CompletionException e) {
                LonglineException why = Unanswered.by("register", e);
                if (why.code().retryable()) {
                    throw why;
                }
                log.warn("a user is not kicked job={} place={}", job.id(), progress.done() + i, why);
                kicked.failed();
            }
        }
        return kicked;
    }

    private Hold.Report report(String reason) {
        return (lease, givesBack, deadline) ->
                tools.work.report(taken, new JobReport(progress, reason, null), givesBack, lease, deadline);
    }

    private void end(JobState end, String reason) {
        JobReport last = new JobReport(progress, reason, end);
        boolean _ = hold.report((lease, _, deadline) -> tools.work.report(taken, last, false, lease, deadline));
    }
}
