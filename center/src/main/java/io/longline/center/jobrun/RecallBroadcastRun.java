package io.longline.center.jobrun;

import io.longline.center.broadcastrun.BroadcastRecall;
import io.longline.center.job.JobWorkClient;
import io.longline.center.job.TakenJob;
import io.longline.keeper.error.LonglineException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recalls a broadcast, which is one step. */
final class RecallBroadcastRun implements JobRun {
    private static final Logger log = LoggerFactory.getLogger(RecallBroadcastRun.class);

    private final BroadcastRecall recall;
    private final JobWorkClient work;
    private final TakenJob taken;
    private final Hold hold;

    RecallBroadcastRun(BroadcastRecall recall, JobWorkClient work, TakenJob taken, Hold hold) {
        this.recall = recall;
        this.work = work;
        this.taken = taken;
        this.hold = hold;
    }

    @Override
    public void run() {
        Backoff backoff = new Backoff();
        boolean goesOn = true;
        while (goesOn) {
            try {
                recall.run(taken, hold.deadline());
                hold.report(report(true));
                return;
            } catch (LonglineException e) {
                log.debug("recall is tried again job={} error={}", taken.job().id(), e.getMessage());
                goesOn = hold.rest(backoff.next(), report(false));
            }
        }
    }

    @Override
    public void giveUp() {
        boolean _ = hold.report(report(true));
    }

    private Hold.Report report(boolean over) {
        return (lease, _, deadline) -> work.reportRecall(taken, 0, over, lease, deadline);
    }
}
