package io.longline.saver.job;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.rpc.v1.JobKick;
import io.longline.rpc.v1.JobProgress;
import io.longline.rpc.v1.JobState;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakenBehind;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Jobs as generated messages, and back. */
final class JobMessages {
    private static final long MOST_TARGETS = 1L << 30;
    private static final long GREATEST_TIME = 1L << 53;
    private static final int MOST_REASONS = 16;
    private static final int LONGEST_REASON = 128;
    private static final int MOST_IN_A_PART = 10_000;
    private static final long LONGEST_BLOCK_S = 2_592_000;

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
        if (job.isBroadcast()) {
            message.setTopic(job.broadcast().topic())
                    .setCanaryPermille(job.broadcast().canaryPermille())
                    .setBytesPerS(job.broadcast().bytes().perS())
                    .setBytesEach(job.broadcast().bytes().each())
                    .setBroadcast(BroadcastMessages.of(job.broadcast()));
        }
        Kick kick = job.kick();
        if (kick != null) {
            message.setKick(JobKick.newBuilder().setReason(kick.reason()).setBlockS(kick.blockS()));
        }
        acked.ifPresent(message::setAcked);
        return message.build();
    }

    static JobState state(io.longline.saver.job.JobState state) {
        return switch (state) {
            case RECEIVING -> JobState.JOB_STATE_UNSPECIFIED;
            case QUEUED -> JobState.JOB_QUEUED;
            case RUNNING -> JobState.JOB_RUNNING;
            case PAUSED -> JobState.JOB_PAUSED;
            case HOLDING -> JobState.JOB_HOLDING;
            case DONE -> JobState.JOB_DONE;
            case CANCELLED -> JobState.JOB_CANCELLED;
            case FAILED -> JobState.JOB_FAILED;
        };
    }

    static TakeReply of(TakenJob taken) {
        return TakeReply.newBuilder()
                .setJob(of(taken.job(), OptionalLong.empty()))
                .setRun(taken.run())
                .setPush(taken.push())
                .setPartSize(taken.partSize())
                .setRecalled(taken.recalled())
                .setGivenBack(taken.givenBack())
                .setSharing(taken.sharing())
                .build();
    }

    static TakenBehind behind(TakenJob taken) {
        return TakenBehind.newBuilder()
                .setJob(of(taken.job(), OptionalLong.empty()))
                .setRun(taken.run())
                .setPush(taken.push())
                .setGivenBack(taken.givenBack())
                .build();
    }

    static TakeWhat what(io.longline.rpc.v1.TakeWhat what) {
        return switch (what) {
            case TAKE_ANY, UNRECOGNIZED -> TakeWhat.ANY;
            case TAKE_TO_SEND -> TakeWhat.TO_SEND;
            case TAKE_TO_RECALL -> TakeWhat.TO_RECALL;
            case TAKE_TO_BROADCAST -> TakeWhat.TO_BROADCAST;
            case TAKE_TO_KICK -> TakeWhat.TO_KICK;
        };
    }

    static io.longline.saver.job.@Nullable JobState wished(JobState state) {
        return switch (state) {
            case JOB_STATE_UNSPECIFIED -> null;
            case JOB_RUNNING -> io.longline.saver.job.JobState.RUNNING;
            case JOB_PAUSED -> io.longline.saver.job.JobState.PAUSED;
            case JOB_CANCELLED -> io.longline.saver.job.JobState.CANCELLED;
            default -> throw LonglineException.invalid("state", "is " + state + ", which nobody can set");
        };
    }

    /** @param mayHold of a broadcast */
    static io.longline.saver.job.@Nullable JobState end(JobState state, boolean mayHold) {
        if (state == JobState.JOB_HOLDING && mayHold) {
            return io.longline.saver.job.JobState.HOLDING;
        }
        return switch (state) {
            case JOB_STATE_UNSPECIFIED -> null;
            case JOB_DONE -> io.longline.saver.job.JobState.DONE;
            case JOB_CANCELLED -> io.longline.saver.job.JobState.CANCELLED;
            case JOB_FAILED -> io.longline.saver.job.JobState.FAILED;
            default -> throw LonglineException.invalid("end", "is " + state + ", which is no end");
        };
    }

    /** Printable ASCII, as it stands in a column of it. */
    static String reason(String reason) {
        String plain = reason.replaceAll("[^ -~]", "?");
        return plain.length() <= LONGEST_REASON ? plain : plain.substring(0, LONGEST_REASON);
    }

    static int partSize(int partSize) {
        if (partSize < 1 || partSize > MOST_IN_A_PART) {
            throw LonglineException.invalid("part_size", "is " + partSize + ", expected 1 to " + MOST_IN_A_PART);
        }
        return partSize;
    }

    /** A new one, as its sender describes it. */
    static Job fresh(io.longline.rpc.v1.Job message) {
        Broadcast broadcast = BroadcastMessages.fresh(message);
        return new Job(
                Ids.requireProduct("product", message.getProduct()),
                Ids.require("job_id", message.getJobId()),
                Ids.require("message_id", message.getMessageId()),
                io.longline.saver.job.JobState.QUEUED,
                number("created_at_ms", message.getCreatedAtMs(), GREATEST_TIME),
                number("ends_at_ms", message.getEndsAtMs(), GREATEST_TIME),
                rate(message.getRatePerS()),
                broadcast.hasTopic() ? 0 : (int) Math.max(1, number("targeted", message.getTargeted(), MOST_TARGETS)),
                new Progress(0, 0, 0, Map.of()),
                "",
                false,
                false,
                broadcast,
                null);
    }

    /** Of a new one. */
    static Kick kick(io.longline.rpc.v1.Job message) {
        if (!message.hasKick() || !message.getTopic().isEmpty()) {
            throw LonglineException.invalid("kick", "is required, and no topic");
        }
        String reason = message.getKick().getReason();
        if (reason.length() > LONGEST_REASON) {
            throw LonglineException.invalid(
                    "kick.reason", "has " + reason.length() + " characters, expected at most " + LONGEST_REASON);
        }
        return new Kick(reason, (int) number("kick.block_s", message.getKick().getBlockS(), LONGEST_BLOCK_S));
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

    static long number(String field, long value, long most) {
        if (value < 0 || value > most) {
            throw LonglineException.invalid(field, "is " + Long.toUnsignedString(value) + ", expected at most " + most);
        }
        return value;
    }
}
