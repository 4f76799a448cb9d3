package io.longline.center.jobrun;

import io.longline.center.job.Job;
import io.longline.center.job.JobWorkClient;
import io.longline.center.job.TakenJob;
import io.longline.center.message.MessageClient;
import io.longline.center.push.Target;
import io.longline.center.recall.Whereabouts;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recalls what a job has sent, target after target, from where that was left. */
public final class RecallRun implements JobRun {
    private static final Logger log = LoggerFactory.getLogger(RecallRun.class);

    private final Tools tools;
    private final TakenJob taken;
    private final Job job;
    private final Hold hold;
    private final JobList list;
    /** What was being sent when the job ended may not have been told of. */
    private final long end;

    private long at;

    /** What all runs of a center work with. */
    public record Tools(JobWorkClient work, Whereabouts whereabouts, MessageClient messages) {}

    RecallRun(Tools tools, TakenJob taken, Hold hold) {
        this.tools = tools;
        this.taken = taken;
        this.job = taken.job();
        this.hold = hold;
        this.list = new JobList(tools.work, taken);
        this.at = taken.recalled();
        this.end = Math.min(job.targeted(), job.progress().done() + SendRun.MOST_TOGETHER);
    }

    @Override
    public void run() {
        Backoff backoff = new Backoff();
        while (at < end) {
            boolean goesOn;
            try {
                List<Target> some = list.from(at, SendRun.MOST_TOGETHER, hold.deadline());
                recall(some, hold.deadline());
                at += some.size();
                backoff = new Backoff();
                goesOn = at >= end || hold.report(report(false));
            } catch (LonglineException e) {
                log.debug("recall is tried again job={} error={}", job.id(), e.getMessage());
                goesOn = hold.rest(backoff.next(), report(false));
            }
            if (!goesOn) {
                return;
            }
        }
        hold.report(report(true));
    }

    @Override
    public void giveUp() {
        boolean _ = hold.report(report(true));
    }

    private Hold.Report report(boolean over) {
        return (lease, _, deadline) -> tools.work.reportRecall(taken, at, over, lease, deadline);
    }

    /** What is done already stays so. */
    private void recall(List<Target> targets, Deadline deadline) {
        CompletableFuture<?>[] recalled = tools.whereabouts.of(job.product(), targets, deadline).stream()
                .flatMap(List::stream)
                .map(endpoint -> tools.messages.recallAt(endpoint, job.messageId(), deadline))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(recalled).join();
        } catch (CompletionException e) {
            throw Unanswered.by("saver", e);
        }
    }
}
