package io.longline.center.kick;

import io.longline.center.clock.StoreClock;
import io.longline.center.job.Job;
import io.longline.center.job.JobAnswer;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobId;
import io.longline.center.job.JobState;
import io.longline.center.job.Progress;
import io.longline.center.push.Target;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/users:batchKick}: many users are kicked by a job, which any center works on. */
public final class BatchKickHttp {
    private static final Logger log = LoggerFactory.getLogger(BatchKickHttp.class);
    /** So many users of the greatest length, each with what stands around it, and room for white space. */
    private static final long MAX_BODY = 16L << 20;

    private static final int ACCEPTED = 202;
    private static final int PART = 1_000;
    /** Beyond which nobody is kicked any more: who asked did not mean next week. */
    private static final Duration WORTH = Duration.ofDays(1);

    private static final Duration DROP_PATIENCE = Duration.ofSeconds(2);

    private final JobClient jobs;
    private final StoreClock clock;
    private final Duration patience;
    private final Runnable queued;

    /**
     * @param patience how long saver may take for one part of the list
     * @param queued told of each job
     */
    public BatchKickHttp(JobClient jobs, StoreClock clock, Duration patience, Runnable queued) {
        this.jobs = jobs;
        this.clock = clock;
        this.patience = patience;
        this.queued = queued;
    }

    public HttpResponse submit(HttpRequest request) {
        Product product = request.attached(Product.class);
        KickList list = KickList.read(request.bodyStream(MAX_BODY));
        Job job = queue(product.id(), list);
        queued.run();
        log.debug(
                "queued job={} product={} users={} request_id={}",
                job.id(),
                product.id(),
                job.targeted(),
                request.requestId());
        return HttpResponse.json(ACCEPTED, JobAnswer.of(job, product)).header("Location", "/v1/jobs/" + job.id());
    }

    /** All of it, or nothing remains. */
    private Job queue(String product, KickList list) {
        long now = clock.millis(Deadline.after(patience));
        String jobId = JobId.next(now);
        boolean whole = false;
        try {
            append(product, jobId, list);
            Job job = jobs.submitKick(fresh(product, jobId, now, list), PART, Deadline.after(patience));
            whole = true;
            return job;
        } finally {
            if (!whole) {
                drop(product, jobId);
            }
        }
    }

    private void append(String product, String jobId, KickList list) {
        List<Target> targets =
                list.users().stream().map(user -> new Target(user, null)).toList();
        for (int from = 0; from < targets.size(); from += PART) {
            List<Target> part = targets.subList(from, Math.min(targets.size(), from + PART));
            jobs.appendToKick(product, jobId, from / PART, part, Deadline.after(patience));
        }
    }

    private static Job fresh(String product, String jobId, long now, KickList list) {
        return new Job(
                product,
                jobId,
                jobId,
                JobState.QUEUED,
                now,
                now + WORTH.toMillis(),
                0,
                list.users().size(),
                new Progress(0, 0, 0, Map.of()),
                OptionalLong.of(0),
                "",
                false,
                false,
                null,
                list.kick());
    }

    /** One that was queued unheard stays. */
    private void drop(String product, String jobId) {
        try {
            jobs.drop(product, jobId, Deadline.after(DROP_PATIENCE));
        } catch (LonglineException e) { // saver drops it when nothing has come for a while
            log.debug("not dropped job={} error={}", jobId, e.getMessage());
        }
    }
}
