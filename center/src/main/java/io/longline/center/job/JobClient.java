package io.longline.center.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.schedule.ScheduleWire;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.AppendReply;
import io.longline.rpc.v1.AppendRequest;
import io.longline.rpc.v1.ChangeReply;
import io.longline.rpc.v1.ChangeRequest;
import io.longline.rpc.v1.ClaimReply;
import io.longline.rpc.v1.ClaimRequest;
import io.longline.rpc.v1.DropReply;
import io.longline.rpc.v1.DropRequest;
import io.longline.rpc.v1.FindReply;
import io.longline.rpc.v1.FindRequest;
import io.longline.rpc.v1.JobRecall;
import io.longline.rpc.v1.JobsGrpc;
import io.longline.rpc.v1.ListReply;
import io.longline.rpc.v1.ListRequest;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.PartReply;
import io.longline.rpc.v1.PartRequest;
import io.longline.rpc.v1.RecordReply;
import io.longline.rpc.v1.RecordRequest;
import io.longline.rpc.v1.ReportReply;
import io.longline.rpc.v1.ReportRequest;
import io.longline.rpc.v1.SubmitReply;
import io.longline.rpc.v1.SubmitRequest;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakeRequest;
import io.longline.rpc.v1.TakeWhat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Has saver keep jobs, tells it how far they have come, and asks what is to be done. */
public final class JobClient {
    private static final BatchMethod<AppendRequest, AppendReply> APPEND =
            BatchMethod.of(JobsGrpc.getAppendMethod(), AppendRequest.class, AppendReply.class);
    private static final BatchMethod<SubmitRequest, SubmitReply> SUBMIT =
            BatchMethod.of(JobsGrpc.getSubmitMethod(), SubmitRequest.class, SubmitReply.class);
    private static final BatchMethod<DropRequest, DropReply> DROP =
            BatchMethod.of(JobsGrpc.getDropMethod(), DropRequest.class, DropReply.class);
    private static final BatchMethod<FindRequest, FindReply> FIND =
            BatchMethod.of(JobsGrpc.getFindMethod(), FindRequest.class, FindReply.class);
    private static final BatchMethod<ListRequest, ListReply> LIST =
            BatchMethod.of(JobsGrpc.getListMethod(), ListRequest.class, ListReply.class);
    private static final BatchMethod<ChangeRequest, ChangeReply> CHANGE =
            BatchMethod.of(JobsGrpc.getChangeMethod(), ChangeRequest.class, ChangeReply.class);
    private static final BatchMethod<TakeRequest, TakeReply> TAKE =
            BatchMethod.of(JobsGrpc.getTakeMethod(), TakeRequest.class, TakeReply.class);
    private static final BatchMethod<PartRequest, PartReply> PART =
            BatchMethod.of(JobsGrpc.getPartMethod(), PartRequest.class, PartReply.class);
    private static final BatchMethod<ReportRequest, ReportReply> REPORT =
            BatchMethod.of(JobsGrpc.getReportMethod(), ReportRequest.class, ReportReply.class);
    private static final BatchMethod<ClaimRequest, ClaimReply> CLAIM =
            BatchMethod.of(MessagesGrpc.getClaimMethod(), ClaimRequest.class, ClaimReply.class);
    private static final BatchMethod<RecordRequest, RecordReply> RECORD =
            BatchMethod.of(MessagesGrpc.getRecordMethod(), RecordRequest.class, RecordReply.class);

    private final Peers savers;
    private final String node;

    /** @param node the name of this center, which takes jobs */
    public JobClient(Peers savers, String node) {
        this.savers = savers;
        this.node = node;
    }

    // ---- lists ----

    /** The first part is 0; QUEUE_FULL where too many jobs of the product are open. */
    void append(Push push, String jobId, int part, List<Target> targets, Deadline deadline) {
        AppendRequest request = AppendRequest.newBuilder()
                .setProduct(push.product())
                .setJobId(jobId)
                .setMessageId(push.messageId())
                .setPart(part)
                .setTargets(JobWire.targets(targets))
                .build();
        AppendReply _ = await(jobId, APPEND, request, deadline);
    }

    /** Answers the job that its message id has already, or this one; IDEMPOTENCY_CONFLICT where that one has another body. */
    Job submit(Job job, byte[] bodyHash, Push push, int partSize, Deadline deadline) {
        SubmitRequest request = SubmitRequest.newBuilder()
                .setJob(JobWire.job(job))
                .setBodyHash(ByteString.copyFrom(bodyHash))
                .setPush(ScheduleWire.kept(push).toByteString())
                .setPartSize(partSize)
                .build();
        return JobWire.job(await(job.id(), SUBMIT, request, deadline).getJob());
    }

    void drop(String product, String jobId, Deadline deadline) {
        DropRequest request =
                DropRequest.newBuilder().setProduct(product).setJobId(jobId).build();
        DropReply _ = await(jobId, DROP, request, deadline);
    }

    /** IDEMPOTENCY_CONFLICT where the id is that of another message. */
    void claim(Push push, byte[] bodyHash, Deadline deadline) {
        ClaimRequest request = ClaimRequest.newBuilder()
                .setProduct(push.product())
                .setMessageId(push.messageId())
                .setBodyHash(ByteString.copyFrom(bodyHash))
                .build();
        ClaimReply _ = await(Shards.key(push.product(), push.messageId()), CLAIM, request, deadline);
    }

    /**
     * From now on the message is known, and that a job knows to whom it goes: there are no copies in its record. Where the message was recalled before
     * anybody could know of its job, that ends now.
     *
     * @param bodyHash that its id was claimed for; empty where nobody did, or it is not known
     * @return the job as it is then
     */
    public Job record(Job job, ByteString bodyHash, Deadline deadline) {
        RecordRequest request = RecordRequest.newBuilder()
                .setProduct(job.product())
                .setMessageId(job.messageId())
                .setBodyHash(bodyHash)
                .setNode(node)
                .setAcceptedAtMs(job.createdAtMs())
                .build();
        RecordReply reply = await(Shards.key(job.product(), job.messageId()), RECORD, request, deadline);
        return reply.getRecalled() && !job.recalled() ? recall(job, deadline) : job;
    }

    // ---- what back ends see and want ----

    /** JOB_NOT_FOUND where this product has none of that id. */
    Job find(String product, String jobId, Deadline deadline) {
        FindRequest request =
                FindRequest.newBuilder().setProduct(product).setJobId(jobId).build();
        return JobWire.job(await(jobId, FIND, request, deadline).getJob());
    }

    Optional<KnownJob> known(String product, String messageId, Deadline deadline) {
        FindRequest request = FindRequest.newBuilder()
                .setProduct(product)
                .setMessageId(messageId)
                .build();
        try {
            FindReply reply = await(Shards.key(product, messageId), FIND, request, deadline);
            return Optional.of(new KnownJob(JobWire.job(reply.getJob()), reply.getBodyHash()));
        } catch (LonglineException e) {
            if (e.code() == ErrorCode.JOB_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The job that a message is of, if it is of one. */
    public Optional<Job> ofMessage(String product, String messageId, Deadline deadline) {
        return known(product, messageId, deadline).map(KnownJob::job);
    }

    /** The newest first, of those with smaller ids; {@code before} "": all. */
    List<Job> list(String product, String before, int limit, Deadline deadline) {
        ListRequest request = ListRequest.newBuilder()
                .setProduct(product)
                .setBefore(before)
                .setLimit(limit)
                .build();
        return await(Shards.key(product), LIST, request, deadline).getJobsList().stream()
                .map(JobWire::job)
                .toList();
    }

    /** {@code state} null and {@code ratePerS} empty: as it is. */
    Job change(String product, String jobId, @Nullable JobState state, OptionalInt ratePerS, Deadline deadline) {
        ChangeRequest.Builder request =
                ChangeRequest.newBuilder().setProduct(product).setJobId(jobId);
        if (state != null) {
            request.setState(JobWire.state(state));
        }
        ratePerS.ifPresent(request::setRatePerS);
        return JobWire.job(await(jobId, CHANGE, request.build(), deadline).getJob());
    }

    /** It ends, if it has not, and what it has sent will be recalled. */
    public Job recall(Job job, Deadline deadline) {
        ChangeRequest request = ChangeRequest.newBuilder()
                .setProduct(job.product())
                .setJobId(job.id())
                .setRecall(true)
                .build();
        return JobWire.job(await(job.id(), CHANGE, request, deadline).getJob());
    }

    // ---- who works on a job ----

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
                .setWhat(work == JobWork.SEND ? TakeWhat.TAKE_TO_SEND : TakeWhat.TAKE_TO_RECALL)
                .build();
        TakeReply reply = await(Shards.key(node), TAKE, request, deadline);
        return reply.hasJob() ? Optional.of(JobWire.taken(reply)) : Optional.empty();
    }

    /** A part of its list, in order. */
    public List<Target> part(Job job, int part, Deadline deadline) {
        PartRequest request = PartRequest.newBuilder()
                .setProduct(job.product())
                .setJobId(job.id())
                .setPart(part)
                .build();
        return JobWire.targets(
                job.id(), await(job.id(), PART, request, deadline).getTargets());
    }

    /**
     * How far it has come; it is ours for that time more, if it is to go on.
     *
     * @param givesBack somebody else is to go on when that time is over, and needs to know of nothing but the progress
     * @return empty: somebody else works on it
     */
    public Optional<Standing> report(
            TakenJob taken, JobReport report, boolean givesBack, Duration lease, Deadline deadline) {
        ReportRequest.Builder request = request(taken, lease)
                .setProgress(JobWire.progress(report.progress()))
                .setReason(report.reason())
                .setGivesBack(givesBack);
        if (report.end() != null) {
            request.setEnd(JobWire.state(report.end()));
        }
        return report(request.build(), deadline);
    }

    /** The same of one that is recalled; {@code over}: that is all. */
    public Optional<Standing> reportRecall(
            TakenJob taken, long recalled, boolean over, Duration lease, Deadline deadline) {
        JobRecall recall =
                JobRecall.newBuilder().setRecalled(recalled).setOver(over).build();
        return report(request(taken, lease).setRecall(recall).build(), deadline);
    }

    private static ReportRequest.Builder request(TakenJob taken, Duration lease) {
        return ReportRequest.newBuilder()
                .setProduct(taken.job().product())
                .setJobId(taken.job().id())
                .setRun(taken.run())
                .setLeaseMs((int) lease.toMillis());
    }

    private Optional<Standing> report(ReportRequest request, Deadline deadline) {
        ReportReply reply = await(request.getJobId(), REPORT, request, deadline);
        return reply.getLost()
                ? Optional.empty()
                : Optional.of(new Standing(JobWire.state(reply.getState()), reply.getRatePerS()));
    }

    private <Q extends Message, A extends Message> A await(
            String jobId, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return await(Shards.key(jobId), method, request, deadline);
    }

    private <Q extends Message, A extends Message> A await(
            long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        try {
            return savers.await(key, method, request, deadline);
        } catch (LonglineException e) {
            LonglineException known = Unanswered.by("saver", e);
            throw known.code() == ErrorCode.METHOD_NOT_ALLOWED
                    ? LonglineException.dependencyDown("saver", "saver is of an earlier release and has no jobs", known)
                    : known;
        }
    }
}
