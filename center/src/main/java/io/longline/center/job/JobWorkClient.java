package io.longline.center.job;

import com.google.protobuf.Message;
import io.longline.center.push.Target;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.JobRecall;
import io.longline.rpc.v1.JobsGrpc;
import io.longline.rpc.v1.PartReply;
import io.longline.rpc.v1.PartRequest;
import io.longline.rpc.v1.ReportReply;
import io.longline.rpc.v1.ReportRequest;
import io.longline.rpc.v1.TakeBehindReply;
import io.longline.rpc.v1.TakeBehindRequest;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakeRequest;
import io.longline.rpc.v1.TakeWhat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Asks saver which job is to be worked on, and tells it how far that has come. */
public final class JobWorkClient {
    private static final BatchMethod<TakeRequest, TakeReply> TAKE =
            BatchMethod.of(JobsGrpc.getTakeMethod(), TakeRequest.class, TakeReply.class);
    private static final BatchMethod<TakeBehindRequest, TakeBehindReply> TAKE_BEHIND =
            BatchMethod.of(JobsGrpc.getTakeBehindMethod(), TakeBehindRequest.class, TakeBehindReply.class);
    private static final BatchMethod<PartRequest, PartReply> PART =
            BatchMethod.of(JobsGrpc.getPartMethod(), PartRequest.class, PartReply.class);
    private static final BatchMethod<ReportRequest, ReportReply> REPORT =
            BatchMethod.of(JobsGrpc.getReportMethod(), ReportRequest.class, ReportReply.class);

    private final Peers savers;
    private final String node;
    private final Set<Peer> withBehind = ConcurrentHashMap.newKeySet();

    /** @param node the name of this center, which takes jobs */
    public JobWorkClient(Peers savers, String node) {
        this.savers = savers;
        this.node = node;
    }

    /**
     * A job that nobody else is given for that time; empty: there is none.
     *
     * @param work that there is a place for
     * @param nowMs by the store's clock: what waits and is over by then is cancelled
     */
    public Optional<TakenJob> take(JobWork work, Duration lease, long nowMs, Deadline deadline) {
        TakeRequest request = TakeRequest.newBuilder()
                .setNode(node)
                .setLeaseMs((int) lease.toMillis())
                .setNowMs(nowMs)
                .setWhat(what(work))
                .build();
        TakeReply reply = await(Shards.key(node), TAKE, request, deadline);
        return reply.hasJob() ? Optional.of(JobWire.taken(reply)) : Optional.empty();
    }

    /**
     * Those behind it in its topic that can be sent with it, in order. None until every saver has said that it knows of such jobs: one that does not
     * could let another begin before them.
     *
     * @param most jobs
     * @param mostBytes of their messages together
     */
    public List<TakenJob> takeBehind(TakenJob first, Duration lease, int most, int mostBytes, Deadline deadline) {
        TakeBehindRequest request = TakeBehindRequest.newBuilder()
                .setNode(node)
                .setLeaseMs((int) lease.toMillis())
                .setProduct(first.job().product())
                .setJobId(first.job().id())
                .setRun(first.run())
                .setMost(most)
                .setMostBytes(mostBytes)
                .build();
        if (!allKnowOfBehind(request, deadline)) {
            return List.of();
        }
        return await(Shards.key(first.job().id()), TAKE_BEHIND, request, deadline).getJobsList().stream()
                .map(one -> JobWire.behind(one, first.sharing()))
                .toList();
    }

    private boolean allKnowOfBehind(TakeBehindRequest request, Deadline deadline) {
        List<Peer> all = savers.all();
        withBehind.retainAll(all);
        TakeBehindRequest none = request.toBuilder().setMost(0).build();
        List<CompletableFuture<Boolean>> asked = all.stream()
                .filter(saver -> !withBehind.contains(saver))
                .map(saver -> saver.call(TAKE_BEHIND, none, deadline)
                        .handle((_, error) -> error == null && withBehind.add(saver)))
                .toList();
        return asked.stream().allMatch(CompletableFuture::join);
    }

    private static TakeWhat what(JobWork work) {
        return switch (work) {
            case SEND -> TakeWhat.TAKE_TO_SEND;
            case BROADCAST -> TakeWhat.TAKE_TO_BROADCAST;
            case RECALL -> TakeWhat.TAKE_TO_RECALL;
            case KICK -> TakeWhat.TAKE_TO_KICK;
        };
    }

    /** A part of its list, in order. */
    public List<Target> part(Job job, int part, Deadline deadline) {
        PartRequest request = PartRequest.newBuilder()
                .setProduct(job.product())
                .setJobId(job.id())
                .setPart(part)
                .build();
        return JobWire.targets(
                job.id(), await(Shards.key(job.id()), PART, request, deadline).getTargets());
    }

    /**
     * How far it has come; it is ours for that time more, if it is to go on.
     *
     * @param givesBack somebody else is to go on when that time is over, and needs to know of nothing but the progress
     * @return empty: somebody else works on it
     */
    public Optional<Standing> report(
            TakenJob taken, JobReport report, boolean givesBack, Duration lease, Deadline deadline) {
        ReportRequest.Builder request =
                request(taken, lease, report.reason(), report.end()).setGivesBack(givesBack);
        return report(request.setProgress(JobWire.progress(report.progress())).build(), deadline);
    }

    /** The same of a broadcast. */
    public Optional<Standing> reportBroadcast(
            TakenJob taken, BroadcastReport report, boolean givesBack, Duration lease, Deadline deadline) {
        ReportRequest.Builder request =
                request(taken, lease, report.reason(), report.end()).setGivesBack(givesBack);
        return report(request.setBroadcast(JobWire.broadcast(report.progress())).build(), deadline);
    }

    /** The same of one that is recalled; {@code over}: that is all. */
    public Optional<Standing> reportRecall(
            TakenJob taken, long recalled, boolean over, Duration lease, Deadline deadline) {
        JobRecall recall =
                JobRecall.newBuilder().setRecalled(recalled).setOver(over).build();
        return report(request(taken, lease, "", null).setRecall(recall).build(), deadline);
    }

    private static ReportRequest.Builder request(
            TakenJob taken, Duration lease, String reason, @Nullable JobState end) {
        ReportRequest.Builder request = ReportRequest.newBuilder()
                .setProduct(taken.job().product())
                .setJobId(taken.job().id())
                .setRun(taken.run())
                .setLeaseMs((int) lease.toMillis())
                .setReason(reason);
        return end == null ? request : request.setEnd(JobWire.state(end));
    }

    private Optional<Standing> report(ReportRequest request, Deadline deadline) {
        ReportReply reply = await(Shards.key(request.getJobId()), REPORT, request, deadline);
        return reply.getLost()
                ? Optional.empty()
                : Optional.of(new Standing(
                        JobWire.state(reply.getState()),
                        reply.getRatePerS(),
                        reply.getBytesPerS(),
                        reply.getCanaryPermille(),
                        reply.getSharing()));
    }

    private <Q extends Message, A extends Message> A await(
            long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return JobCall.await(savers, key, method, request, deadline);
    }
}
