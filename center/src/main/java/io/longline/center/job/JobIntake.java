package io.longline.center.job;

import com.google.protobuf.ByteString;
import io.longline.center.clock.StoreClock;
import io.longline.center.push.BodyDigest;
import io.longline.center.push.JobHead;
import io.longline.center.push.Push;
import io.longline.center.push.PushBody;
import io.longline.center.push.Target;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the list of a job: reads on when what came is stored. A job begins when its last line was good; where one is not, nothing of
 * it remains.
 */
final class JobIntake {
    private static final Logger log = LoggerFactory.getLogger(JobIntake.class);
    private static final int MOST_TARGETS = 1_000_000;
    private static final int PART = 1_000;
    private static final int SAMPLE = 10;
    /** A user and a device of 128 bytes each, and room for white space. */
    private static final int LONGEST_LINE = 4_096;

    private static final Duration DROP_PATIENCE = Duration.ofSeconds(2);

    private final JobClient jobs;
    private final StoreClock clock;
    private final int longestHead;
    private final Duration patience;

    /**
     * @param longestHead bytes of a first line
     * @param patience how long saver may take for one part of the list
     */
    JobIntake(JobClient jobs, StoreClock clock, int longestHead, Duration patience) {
        this.jobs = jobs;
        this.clock = clock;
        this.longestHead = longestHead;
        this.patience = patience;
    }

    /** What became of a list. */
    sealed interface Taken {}

    /** @param replayed there was one of this message id and body */
    record Queued(Job job, boolean replayed) implements Taken {}

    /** Nothing is stored. */
    record Validated(Push push, long targeted, List<Target> sample) implements Taken {}

    Taken take(Product product, InputStream body) {
        Lines lines = new Lines(body);
        byte[] first = lines.next(longestHead, ErrorCode.PAYLOAD_TOO_LARGE);
        if (first == null) {
            throw LonglineException.invalid(
                    "body", "is empty, expected a line with the payload, and one for each target");
        }
        JobHead head = lines.understood(first, line -> PushBody.readJob(product, line));
        Push push = head.push();
        if (push.validateOnly()) {
            Listed listed = read(lines, part -> {});
            return new Validated(push, listed.targeted, listed.sample);
        }
        Optional<KnownJob> known = push.idGiven()
                ? jobs.known(product.id(), push.messageId(), Deadline.after(patience))
                : Optional.empty();
        return known.isPresent() ? compared(push, lines, known.get()) : kept(head, lines);
    }

    /** Nothing of it needs to be kept. */
    private Taken compared(Push push, Lines lines, KnownJob known) {
        byte[] hash = read(lines, part -> {}).digest.endOfList(push.payload(), push.options());
        if (!known.isOf(hash)) {
            throw new LonglineException(
                    ErrorCode.IDEMPOTENCY_CONFLICT,
                    "message_id " + push.messageId() + " was used for a job of another body");
        }
        ByteString claimed = ByteString.copyFrom(hash);
        return new Queued(
                record(known.job(), claimed, Deadline.after(patience)), true); // it may be missing, or lost since
    }

    private Taken kept(JobHead head, Lines lines) {
        Push push = head.push();
        String jobId = JobId.next(clock.millis(Deadline.after(patience)));
        boolean queued = false;
        try {
            Parts parts = new Parts(push, jobId);
            Listed listed = read(lines, parts::append);
            Job job = submit(head, jobId, listed);
            queued = job.id().equals(jobId);
            log.debug("job={} message_id={} targets={} new={}", job.id(), job.messageId(), job.targeted(), queued);
            return new Queued(job, !queued);
        } finally {
            if (!queued) {
                drop(push.product(), jobId);
            }
        }
    }

    /** The parts of a list on their way to saver. */
    private final class Parts {
        private final Push push;
        private final String jobId;
        private int number;

        Parts(Push push, String jobId) {
            this.push = push;
            this.jobId = jobId;
        }

        void append(List<Target> part) {
            jobs.append(push, jobId, number++, part, Deadline.after(patience));
        }
    }

    private Job submit(JobHead head, String jobId, Listed listed) {
        Push push = head.push();
        Deadline deadline = Deadline.after(patience);
        byte[] hash = listed.digest.endOfList(push.payload(), push.options());
        if (push.idGiven()) {
            jobs.claim(push, hash, deadline);
        }
        long now = clock.millis(deadline);
        Job fresh = new Job(
                push.product(),
                jobId,
                push.messageId(),
                JobState.QUEUED,
                now,
                now + push.options().ttl().toMillis(),
                head.ratePerS(),
                listed.targeted,
                new Progress(0, 0, 0, Map.of()),
                OptionalLong.of(0),
                "",
                false,
                false,
                null,
                null);
        Job job = jobs.submit(fresh, hash, push, PART, deadline);
        return record(job, push.idGiven() ? ByteString.copyFrom(hash) : ByteString.EMPTY, deadline);
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

    private void drop(String product, String jobId) {
        try {
            jobs.drop(product, jobId, Deadline.after(DROP_PATIENCE));
        } catch (LonglineException e) { // saver drops it when nothing has come for a while
            log.debug("not dropped job={} error={}", jobId, e.getMessage());
        }
    }

    /** What is known of a list that was read. */
    private record Listed(long targeted, List<Target> sample, BodyDigest digest) {}

    @FunctionalInterface
    private interface Sink {
        void accept(List<Target> part);
    }

    private static Listed read(Lines lines, Sink sink) {
        BodyDigest digest = BodyDigest.ofJob();
        List<Target> sample = new ArrayList<>();
        List<Target> part = new ArrayList<>(PART);
        long targeted = 0;
        for (byte[] line = next(lines); line != null; line = next(lines)) {
            Target target = lines.understood(line, PushBody::readTarget);
            if (++targeted > MOST_TARGETS) {
                throw LonglineException.invalid(
                        "line " + lines.number(), "is a target too many, expected at most " + MOST_TARGETS);
            }
            digest.add(target);
            if (sample.size() < SAMPLE) {
                sample.add(target);
            }
            part.add(target);
            if (part.size() == PART) {
                sink.accept(part);
                part.clear();
            }
        }
        if (targeted == 0) {
            throw LonglineException.invalid("line 2", "is missing, expected a target");
        }
        if (!part.isEmpty()) {
            sink.accept(part);
        }
        return new Listed(targeted, sample, digest);
    }

    private static byte @Nullable [] next(Lines lines) {
        return lines.next(LONGEST_LINE, ErrorCode.INVALID_ARGUMENT);
    }
}
