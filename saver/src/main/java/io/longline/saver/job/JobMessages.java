package io.longline.saver.job;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.rpc.v1.JobProgress;
import io.longline.rpc.v1.JobState;
import java.util.Map;
import java.util.OptionalLong;

/** Jobs as generated messages, and back. */
final class JobMessages {
    private static final long MOST_TARGETS = 1L << 30;
    private static final long GREATEST_TIME = 1L << 53;
    private static final int MOST_REASONS = 16;

    private JobMessages() {}

    static io.longline.rpc.v1.Job of(Job job, OptionalLong acked) {
        io.longline.rpc.v1.Job.Builder message = io.longline.rpc.v1.Job.newBuilder()
                .setProduct(job.product())
                .setJobId(job.id())
                .setMessageId(job.messageId())
                .setState(state(job.state()))
                .setCreatedAtMs(job.createdAtMs())
                .setEndsAtMs(job.endsAtMs())
                .setRatePerS(job.ratePerS())
                .setTargeted(job.targeted())
                .setProgress(JobProgress.newBuilder()
                        .setDone(job.progress().done())
                        .setSent(job.progress().sent())
                        .setCopies(job.progress().copies())
                        .putAllSkipped(job.progress().skipped()))
                .setReason(job.reason())
                .setRecalled(job.recalled())
                .setHeld(job.held());
        acked.ifPresent(message::setAcked);
        return message.build();
    }

    static JobState state(io.longline.saver.job.JobState state) {
        return switch (state) {
            case RECEIVING -> JobState.JOB_STATE_UNSPECIFIED;
            case QUEUED -> JobState.JOB_QUEUED;
            case RUNNING -> JobState.JOB_RUNNING;
            case PAUSED -> JobState.JOB_PAUSED;
            case DONE -> JobState.JOB_DONE;
            case CANCELLED -> JobState.JOB_CANCELLED;
            case FAILED -> JobState.JOB_FAILED;
        };
    }

    /** A new one, as its sender describes it. */
    static Job fresh(io.longline.rpc.v1.Job message) {
        return new Job(
                Ids.requireProduct("product", message.getProduct()),
                Ids.require("job_id", message.getJobId()),
                Ids.require("message_id", message.getMessageId()),
                io.longline.saver.job.JobState.QUEUED,
                number("created_at_ms", message.getCreatedAtMs(), GREATEST_TIME),
                number("ends_at_ms", message.getEndsAtMs(), GREATEST_TIME),
                rate(message.getRatePerS()),
                (int) Math.max(1, number("targeted", message.getTargeted(), MOST_TARGETS)),
                new Progress(0, 0, 0, Map.of()),
                "",
                false,
                false);
    }

    static Progress progress(JobProgress message) {
        if (message.getSkippedCount() > MOST_REASONS) {
            throw LonglineException.invalid("progress.skipped", "expected at most " + MOST_REASONS + " reasons");
        }
        message.getSkippedMap().forEach((reason, count) -> {
            Ids.require("progress.skipped", reason);
            number("progress.skipped", count, MOST_TARGETS);
        });
        return new Progress(
                number("progress.done", message.getDone(), MOST_TARGETS),
                number("progress.sent", message.getSent(), MOST_TARGETS),
                number("progress.copies", message.getCopies(), MOST_TARGETS),
                message.getSkippedMap());
    }

    static int rate(int perS) {
        return (int) number("rate_per_s", Integer.toUnsignedLong(perS), Integer.MAX_VALUE);
    }

    static int part(int number) {
        return (int) number("part", Integer.toUnsignedLong(number), MOST_TARGETS);
    }

    private static long number(String field, long value, long most) {
        if (value < 0 || value > most) {
            throw LonglineException.invalid(field, "is " + Long.toUnsignedString(value) + ", expected at most " + most);
        }
        return value;
    }
}
