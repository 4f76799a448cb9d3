package io.longline.center.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.schedule.DuePush;
import io.longline.center.schedule.ScheduleWire;
import io.longline.rpc.v1.JobProgress;
import io.longline.rpc.v1.JobTargets;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakenBehind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Jobs as generated messages, and back. */
final class JobWire {

    private JobWire() {}

    static ByteString targets(List<Target> targets) {
        return JobTargets.newBuilder()
                .addAllTargets(targets.stream().map(ScheduleWire::target).toList())
                .build()
                .toByteString();
    }

    static List<Target> targets(String jobId, ByteString part) {
        try {
            return JobTargets.parseFrom(part).getTargetsList().stream()
                    .map(ScheduleWire::target)
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the list of job " + jobId + " cannot be read", e);
        }
    }

    static Job job(io.longline.rpc.v1.Job job) {
        return new Job(
                job.getProduct(),
                job.getJobId(),
                job.getMessageId(),
                state(job.getState()),
                job.getCreatedAtMs(),
                job.getEndsAtMs(),
                job.getRatePerS(),
                job.getTargeted(),
                progress(job.getProgress()),
                job.hasAcked() ? OptionalLong.of(job.getAcked()) : OptionalLong.empty(),
                job.getReason(),
                job.getRecalled(),
                job.getHeld(),
                job.getTopic().isEmpty() ? null : broadcast(job),
                job.hasKick()
                        ? new JobKick(job.getKick().getReason(), job.getKick().getBlockS())
                        : null);
    }

    private static Job.Broadcast broadcast(io.longline.rpc.v1.Job job) {
        Map<String, RoomProgress> rooms = new HashMap<>();
        job.getBroadcast().getRoomsMap().forEach((room, so) -> rooms.put(room, room(so)));
        BroadcastProgress progress = new BroadcastProgress(job.getBroadcast().getOffset(), rooms);
        return new Job.Broadcast(
                job.getTopic(), job.getCanaryPermille(), job.getBytesPerS(), job.getBytesEach(), progress);
    }

    private static RoomProgress room(io.longline.rpc.v1.RoomProgress room) {
        return new RoomProgress(room.getTargeted(), room.getSent(), room.getAcked(), room.getLeft());
    }

    static io.longline.rpc.v1.BroadcastProgress broadcast(BroadcastProgress progress) {
        io.longline.rpc.v1.BroadcastProgress.Builder wire =
                io.longline.rpc.v1.BroadcastProgress.newBuilder().setOffset(progress.offset());
        progress.rooms()
                .forEach((room, so) -> wire.putRooms(
                        room,
                        io.longline.rpc.v1.RoomProgress.newBuilder()
                                .setTargeted(so.targeted())
                                .setSent(so.sent())
                                .setAcked(so.acked())
                                .setLeft(so.left())
                                .build()));
        return wire.build();
    }

    static io.longline.rpc.v1.Job job(Job job) {
        io.longline.rpc.v1.Job.Builder wire = io.longline.rpc.v1.Job.newBuilder()
                .setProduct(job.product())
                .setJobId(job.id())
                .setMessageId(job.messageId())
                .setCreatedAtMs(job.createdAtMs())
                .setEndsAtMs(job.endsAtMs())
                .setRatePerS(job.ratePerS())
                .setTargeted(job.targeted());
        JobKick kick = job.kick();
        if (kick != null) {
            wire.setKick(io.longline.rpc.v1.JobKick.newBuilder()
                    .setReason(kick.reason())
                    .setBlockS(kick.blockS()));
        }
        Job.Broadcast broadcast = job.broadcast();
        return broadcast == null
                ? wire.build()
                : wire.setTopic(broadcast.topic())
                        .setCanaryPermille(broadcast.canaryPermille())
                        .setBytesPerS(broadcast.bytesPerS())
                        .setBytesEach(broadcast.bytesEach())
                        .build();
    }

    static TakenJob taken(TakeReply reply) {
        return new TakenJob(
                job(reply.getJob()),
                reply.getRun(),
                reply.getPush(),
                reply.getPartSize(),
                reply.getRecalled(),
                reply.getGivenBack(),
                reply.getSharing());
    }

    /** @param sharing what the one before it was told */
    static TakenJob behind(TakenBehind taken, int sharing) {
        return new TakenJob(job(taken.getJob()), taken.getRun(), taken.getPush(), 1, 0, taken.getGivenBack(), sharing);
    }

    static Push push(TakenJob taken) {
        Job job = taken.job();
        return ScheduleWire.push(
                new DuePush(job.product(), job.messageId(), job.createdAtMs(), taken.run(), 1, taken.kept()));
    }

    private static Progress progress(JobProgress progress) {
        return new Progress(progress.getDone(), progress.getSent(), progress.getCopies(), progress.getSkippedMap());
    }

    static JobProgress progress(Progress progress) {
        return JobProgress.newBuilder()
                .setDone(progress.done())
                .setSent(progress.sent())
                .setCopies(progress.copies())
                .putAllSkipped(progress.skipped())
                .build();
    }

    /** One that only a newer release knows has not ended, and is nothing to work on. */
    static JobState state(io.longline.rpc.v1.JobState state) {
        return switch (state) {
            case JOB_QUEUED, JOB_STATE_UNSPECIFIED -> JobState.QUEUED;
            case JOB_RUNNING -> JobState.RUNNING;
            case JOB_PAUSED, UNRECOGNIZED -> JobState.PAUSED;
            case JOB_HOLDING -> JobState.HOLDING;
            case JOB_DONE -> JobState.DONE;
            case JOB_CANCELLED -> JobState.CANCELLED;
            case JOB_FAILED -> JobState.FAILED;
        };
    }

    static io.longline.rpc.v1.JobState state(JobState state) {
        return switch (state) {
            case QUEUED -> io.longline.rpc.v1.JobState.JOB_QUEUED;
            case RUNNING -> io.longline.rpc.v1.JobState.JOB_RUNNING;
            case PAUSED -> io.longline.rpc.v1.JobState.JOB_PAUSED;
            case HOLDING -> io.longline.rpc.v1.JobState.JOB_HOLDING;
            case DONE -> io.longline.rpc.v1.JobState.JOB_DONE;
            case CANCELLED -> io.longline.rpc.v1.JobState.JOB_CANCELLED;
            case FAILED -> io.longline.rpc.v1.JobState.JOB_FAILED;
        };
    }
}
