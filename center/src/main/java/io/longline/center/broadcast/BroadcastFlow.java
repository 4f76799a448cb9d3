package io.longline.center.broadcast;

import com.google.protobuf.ByteString;
import io.longline.center.clock.StoreClock;
import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.Job;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobId;
import io.longline.center.job.JobState;
import io.longline.center.job.KnownJob;
import io.longline.center.job.Progress;
import io.longline.center.push.BroadcastHead;
import io.longline.center.push.Push;
import io.longline.center.quota.Admission;
import io.longline.center.traffic.Traffic;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a broadcast: let in, its id claimed, queued as a job. Nothing is in the log of its topic before it is its turn, so the order there is
 * that in which they run.
 */
public final class BroadcastFlow {
    private static final Logger log = LoggerFactory.getLogger(BroadcastFlow.class);
    private static final int TOO_MANY = 429;
    private static final Duration A_MOMENT = Duration.ofSeconds(10);

    private final Admission admission;
    private final JobClient jobs;
    private final StoreClock clock;
    private final Duration patience;
    private final Traffic traffic;
    private final Runnable queued;

    /** @param queued called when there is one more to carry out */
    public BroadcastFlow(
            Admission admission,
            JobClient jobs,
            StoreClock clock,
            Duration patience,
            Traffic traffic,
            Runnable queued) {
        this.admission = admission;
        this.jobs = jobs;
        this.clock = clock;
        this.patience = patience;
        this.traffic = traffic;
        this.queued = queued;
    }

    /** @param replayed there was one of this message id and body */
    record Queued(Job job, boolean replayed) {}

    Queued submit(BroadcastHead head, String requestId) {
        Deadline deadline = Deadline.after(patience);
        Push push = head.push();
        byte[] hash = head.bodyHash();
        try {
            admit(push, deadline);
            Optional<Job> known = known(push, hash, deadline);
            Queued taken = known.isPresent() ? new Queued(known.get(), true) : queue(head, hash, deadline);
            Job job = record(taken.job, claimed(push, hash), deadline); // its record may be missing, or lost since
            if (!taken.replayed) {
                traffic.accepted(push.product(), 1);
                queued.run();
            }
            log.debug(
                    "queued job={} message_id={} product={} topic={} replayed={} request_id={}",
                    job.id(),
                    push.messageId(),
                    push.product(),
                    head.topic(),
                    taken.replayed,
                    requestId);
            return new Queued(job, taken.replayed);
        } catch (LonglineException e) {
            if (isRefusal(e)) {
                traffic.refused(push.product(), 1);
            }
            throw e;
        }
    }

    /** Counts as one message, however many get it. One that was taken before gets its answer where the limit stands for long, as a push does. */
    private void admit(Push push, Deadline deadline) {
        try {
            admission.admitOfProduct(push.product(), 1, deadline);
        } catch (LonglineException e) {
            boolean forLong =
                    e.retryAfter().filter(time -> time.compareTo(A_MOMENT) > 0).isPresent();
            if (!isRefusal(e) || !forLong || !push.idGiven() || !isKnown(push, deadline)) {
                throw e;
            }
        }
    }

    private static boolean isRefusal(LonglineException error) {
        return error.code().http() == TOO_MANY;
    }

    private boolean isKnown(Push push, Deadline deadline) {
        try {
            return jobs.known(push.product(), push.messageId(), deadline).isPresent();
        } catch (LonglineException e) {
            return false; // nobody knows, and the limit stands
        }
    }

    /** IDEMPOTENCY_CONFLICT where it has another body. */
    private Optional<Job> known(Push push, byte[] hash, Deadline deadline) {
        if (!push.idGiven()) {
            return Optional.empty();
        }
        Optional<KnownJob> known = jobs.known(push.product(), push.messageId(), deadline);
        if (known.isPresent() && !known.get().isOf(hash)) {
            throw new LonglineException(
                    ErrorCode.IDEMPOTENCY_CONFLICT,
                    "message_id " + push.messageId() + " was used for a job of another body");
        }
        return known.map(KnownJob::job);
    }

    private Queued queue(BroadcastHead head, byte[] hash, Deadline deadline) {
        Push push = head.push();
        if (push.idGiven()) {
            jobs.claim(push, hash, deadline);
        }
        long now = clock.millis(deadline);
        Job fresh = new Job(
                push.product(),
                JobId.next(now),
                push.messageId(),
                JobState.QUEUED,
                now,
                now + head.ttl().toMillis(),
                head.ratePerS(),
                0,
                new Progress(0, 0, 0, Map.of()),
                OptionalLong.of(0),
                "",
                false,
                false,
                new Job.Broadcast(
                        head.topic(),
                        head.canaryPermille(),
                        head.bytesPerS(),
                        BroadcastHead.bytesEach(push),
                        BroadcastProgress.NONE),
                null);
        Job job = jobs.submit(fresh, hash, push, 0, deadline);
        return new Queued(job, !job.id().equals(fresh.id()));
    }

    private static ByteString claimed(Push push, byte[] hash) {
        return push.idGiven() ? ByteString.copyFrom(hash) : ByteString.EMPTY;
    }

    /** The job is queued: who asks for its message and not for it is told that there is none, until somebody works on it, and that is all. */
    private Job record(Job job, ByteString claimed, Deadline deadline) {
        try {
            return jobs.record(job, claimed, deadline);
        } catch (LonglineException e) {
            log.debug("no record of its message job={} error={}", job.id(), e.getMessage());
            return job;
        }
    }
}
