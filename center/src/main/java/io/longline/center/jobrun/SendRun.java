package io.longline.center.jobrun;

import com.google.protobuf.ByteString;
import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.center.job.Job;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobRate;
import io.longline.center.job.JobReport;
import io.longline.center.job.JobState;
import io.longline.center.job.JobWorkClient;
import io.longline.center.job.Progress;
import io.longline.center.job.TakenJob;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.quota.Admission;
import io.longline.center.result.Status;
import io.longline.center.unicast.PushFlow;
import io.longline.center.unicast.UntakenClient;
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
public final class SendRun implements JobRun {
    /** Targets that are sent together, at most, so that a job takes turns with all else. */
    static final int MOST_TOGETHER = 250;

    private static final Logger log = LoggerFactory.getLogger(SendRun.class);
    /** Beyond which it is tried whether a limit still refuses: it may have been changed. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(4);

    private static final Duration RECORD_PATIENCE = Duration.ofSeconds(2);
    private static final String EXPIRED = "expired";
    private static final String CANCELLED = "cancelled";

    private final Tools tools;
    private final TakenJob taken;
    private final Job job;
    private final Push push;
    private final Hold hold;
    private final JobList list;
    private final Pace pace = new Pace(System::nanoTime);
    private Progress progress;
    /** Some was sent that the progress does not tell of. */
    private boolean untold;
    /** Who had it before may have sent some of which nobody heard; none from this one on. */
    private final long unheardUpTo;

    /** What all runs of a center work with. */
    public record Tools(
            JobClient jobs,
            JobWorkClient work,
            Admission admission,
            PushFlow flow,
            UntakenClient untaken,
            StoreClock clock,
            Products products,
            CenterMetrics metrics) {}

    SendRun(Tools tools, TakenJob taken, Hold hold) {
        this.tools = tools;
        this.taken = taken;
        this.job = taken.job();
        this.push = taken.push();
        this.hold = hold;
        this.list = new JobList(tools.work, taken);
        this.progress = job.progress();
        this.unheardUpTo = taken.isTakenOver() ? progress.done() + MOST_TOGETHER : 0;
    }

    @Override
    public void run() {
        if (isEndedMeanwhile()) {
            end(JobState.CANCELLED, "");
            return;
        }
        while (!isDone() && !isOver()) {
            if (!hold.rest(pace.untilFree(), report("")) || !sendSome()) {
                leave();
                return;
            }
        }
        end(isDone() ? JobState.DONE : JobState.CANCELLED, isDone() ? "" : "ttl");
    }

    /** Where it has ended, or rests, that is the last of it; where it is somebody else's by now nobody hears it. */
    private void leave() {
        if (hold.hasEnded()) {
            end(JobState.CANCELLED, "");
        } else {
            hold.leave(report(""));
        }
    }

    /** The record of its message may be missing, lost since, or a day old: it is written again, and may know of a recall. */
    private boolean isEndedMeanwhile() {
        try {
            return tools.jobs
                    .record(job, ByteString.EMPTY, hold.deadline().atMost(RECORD_PATIENCE))
                    .state()
                    .isFinal();
        } catch (LonglineException e) {
            log.debug("no record of its message job={} error={}", job.id(), e.getMessage());
            return false;
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

    /** Whether it is to go on. */
    private boolean sendSome() {
        SendLimits limits =
                tools.products.find(job.product()).map(Product::limits).orElse(SendLimits.NONE);
        int perS =
                JobRate.perS(hold.standing().ratePerS(), limits, hold.standing().sharing());
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
                slice.giveUp(EXPIRED);
            } else if (failure.isPresent() && !rest(failure.get(), backoff)) {
                if (!hold.hasEnded()) {
                    return false;
                }
                slice.giveUp(CANCELLED); // the others of them have it
            }
        }
        Progress told = slice.progress();
        progress = progress.plus(told);
        untold = false;
        tools.metrics.jobSent(told.sent(), told.skippedInAll());
        boolean goesOn = !hold.hasEnded() && hold.report(report(""));
        if (!hold.isLost()) {
            slice.refused().forEach(this::tell);
        }
        return goesOn;
    }

    /** Who gets no copy has none that could tell of its end. Once saver knows how far the job is: else whoever has it next would try them anew. */
    private void tell(Slice.Refused refused) {
        Target target = refused.target();
        tools.untaken.tell(push, target.user(), target.device(), Status.DROPPED, refused.reason());
    }

    /** Why some are left; empty: none is. */
    private Optional<LonglineException> send(Slice slice) {
        Push some = push.to(slice.left());
        try {
            Map<Target, LonglineException> refused = admit(slice);
            untold = true;
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

    /** Those of whom that is not known yet; answers whom it may not be sent to. */
    private Map<Target, LonglineException> admit(Slice slice) {
        if (!slice.isPaid()) {
            tools.admission.admitOfProduct(push.to(slice.left()), hold.deadline());
            slice.paid();
        }
        List<Target> asked = slice.unadmitted();
        if (asked.isEmpty()) {
            return Map.of();
        }
        Map<Target, LonglineException> refused = tools.admission.admitToUsers(push.to(asked), hold.deadline());
        slice.admitted(
                asked.stream().filter(target -> !refused.containsKey(target)).toList());
        return refused;
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
        return (lease, givesBack, deadline) ->
                tools.work.report(taken, new JobReport(progress, reason, null), givesBack && !untold, lease, deadline);
    }

    private void end(JobState end, String reason) {
        JobReport last = new JobReport(progress, reason, end);
        boolean _ = hold.report((lease, _, deadline) -> tools.work.report(taken, last, false, lease, deadline));
    }
}
