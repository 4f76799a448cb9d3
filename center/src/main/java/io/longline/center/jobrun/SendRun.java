package io.longline.center.jobrun;

import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.center.job.Job;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobRate;
import io.longline.center.job.JobState;
import io.longline.center.job.Progress;
import io.longline.center.job.TakenJob;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.quota.Admission;
import io.longline.center.unicast.PushFlow;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.product.SendLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one job from where it was left: some targets, what became of them to saver, the next. What fails at some for a while is tried there
 * again, and the job waits for it; until its time to live is over.
 */
public final class SendRun {
    /** Targets that are sent together, at most, so that a job takes turns with all else. */
    static final int MOST_TOGETHER = 250;

    private static final Logger log = LoggerFactory.getLogger(SendRun.class);
    /** Beyond which it is tried whether a limit still refuses: it may have been changed. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(4);

    private final Tools tools;
    private final TakenJob taken;
    private final Job job;
    private final Push push;
    private final Hold hold;
    private final JobList list;
    private final Pace pace = new Pace(System::nanoTime);
    private Progress progress;
    /** Who had it before may have sent some of which nobody heard; none from this one on. */
    private final long unheardUpTo;

    /** What all runs of a center work with. */
    public record Tools(
            JobClient jobs,
            Admission admission,
            PushFlow flow,
            StoreClock clock,
            Products products,
            CenterMetrics metrics) {}

    SendRun(Tools tools, TakenJob taken, Hold hold) {
        this.tools = tools;
        this.taken = taken;
        this.job = taken.job();
        this.push = taken.push();
        this.hold = hold;
        this.list = new JobList(tools.jobs, taken);
        this.progress = job.progress();
        this.unheardUpTo = taken.run() > 1 ? progress.done() + MOST_TOGETHER : 0;
    }

    void run() {
        while (!isDone() && !isOver()) {
            if (!hold.rest(pace.untilFree(), report("")) || !sendSome()) {
                return;
            }
        }
        end();
    }

    private boolean isDone() {
        return progress.done() >= job.targeted();
    }

    private boolean isOver() {
        return tools.clock.estimate() >= job.endsAtMs();
    }

    /** Whether it is to go on. */
    private boolean sendSome() {
        SendLimits limits =
                tools.products.find(job.product()).map(Product::limits).orElse(SendLimits.NONE);
        int perS = JobRate.perS(hold.ratePerS(), limits);
        Backoff backoff = new Backoff();
        List<Target> some;
        try {
            some = list.from(progress.done(), Pace.together(perS, MOST_TOGETHER), hold.deadline());
        } catch (LonglineException e) {
            if (!e.code().retryable()) {
                throw e;
            }
            return rest(e, backoff);
        }
        pace.sent(some.size(), perS);
        Slice slice = new Slice(some, progress.done() < unheardUpTo);
        while (!slice.left().isEmpty()) {
            Optional<LonglineException> failure = send(slice);
            if (failure.isPresent() && isOver()) {
                slice.giveUp("expired");
            } else if (failure.isPresent() && !rest(failure.get(), backoff)) {
                return false;
            }
        }
        Progress told = slice.progress();
        progress = progress.plus(told);
        tools.metrics.jobSent(told.sent(), told.skippedInAll());
        return hold.report(report(""));
    }

    /** Why some are left; empty: none is. */
    private Optional<LonglineException> send(Slice slice) {
        Push some = push.to(slice.left());
        try {
            Map<Target, LonglineException> refused = tools.admission.admitEach(some, hold.deadline());
            slice.tried(tools.flow.sendOfJob(some, job.id(), refused, job.createdAtMs(), hold.deadline()));
            return slice.left().isEmpty() ? Optional.empty() : slice.failure();
        } catch (LonglineException e) {
            if (e.code().retryable()) {
                return Optional.of(e);
            }
            log.warn(
                    "some targets are given up job={} targets={}",
                    job.id(),
                    slice.left().size(),
                    e);
        } catch (RuntimeException e) { // the others go on
            log.error(
                    "some targets are given up job={} targets={}",
                    job.id(),
                    slice.left().size(),
                    e);
        }
        slice.giveUp("failed");
        return Optional.empty();
    }

    /** What a limit refuses says when it is worth trying again. */
    private boolean rest(LonglineException why, Backoff backoff) {
        Duration time =
                why.code() == ErrorCode.PRODUCT_RATE_EXCEEDED ? why.retryAfter().orElse(LONGEST_REST) : backoff.next();
        return hold.rest(
                time.compareTo(LONGEST_REST) < 0 ? time : LONGEST_REST,
                report(why.code().name()));
    }

    private Hold.Report report(String reason) {
        return (lease, deadline) -> tools.jobs.report(taken, progress, reason, null, lease, deadline);
    }

    private void end() {
        JobState end = isDone() ? JobState.DONE : JobState.CANCELLED;
        String reason = isDone() ? "" : "ttl";
        hold.report((lease, deadline) -> tools.jobs.report(taken, progress, reason, end, lease, deadline));
    }
}
