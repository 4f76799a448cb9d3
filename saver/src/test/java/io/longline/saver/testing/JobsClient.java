package io.longline.saver.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.AppendReply;
import io.longline.rpc.v1.AppendRequest;
import io.longline.rpc.v1.BroadcastProgress;
import io.longline.rpc.v1.ChangeReply;
import io.longline.rpc.v1.ChangeRequest;
import io.longline.rpc.v1.FindReply;
import io.longline.rpc.v1.FindRequest;
import io.longline.rpc.v1.Job;
import io.longline.rpc.v1.JobProgress;
import io.longline.rpc.v1.JobState;
import io.longline.rpc.v1.JobsGrpc;
import io.longline.rpc.v1.ListReply;
import io.longline.rpc.v1.ListRequest;
import io.longline.rpc.v1.PartReply;
import io.longline.rpc.v1.PartRequest;
import io.longline.rpc.v1.ReportReply;
import io.longline.rpc.v1.ReportRequest;
import io.longline.rpc.v1.SubmitKickReply;
import io.longline.rpc.v1.SubmitKickRequest;
import io.longline.rpc.v1.SubmitReply;
import io.longline.rpc.v1.SubmitRequest;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakeRequest;
import io.longline.rpc.v1.TakeWhat;
import java.time.Duration;
import java.util.List;

/** What center asks of savers about jobs. */
public final class JobsClient {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final long DAY_MS = 86_400_000;
    private static final BatchMethod<AppendRequest, AppendReply> APPEND =
            BatchMethod.of(JobsGrpc.getAppendMethod(), AppendRequest.class, AppendReply.class);
    private static final BatchMethod<SubmitRequest, SubmitReply> SUBMIT =
            BatchMethod.of(JobsGrpc.getSubmitMethod(), SubmitRequest.class, SubmitReply.class);
    private static final BatchMethod<SubmitKickRequest, SubmitKickReply> SUBMIT_KICK =
            BatchMethod.of(JobsGrpc.getSubmitKickMethod(), SubmitKickRequest.class, SubmitKickReply.class);
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

    private final SaverClient client;

    public JobsClient(SaverClient client) {
        this.client = client;
    }

    /** Of one part. */
    public static Job job(String product, String id, long targets) {
        long now = System.currentTimeMillis();
        return Job.newBuilder()
                .setProduct(product)
                .setJobId(id)
                .setMessageId("message-of-" + id)
                .setCreatedAtMs(now)
                .setEndsAtMs(now + DAY_MS)
                .setTargeted(targets)
                .build();
    }

    public void append(Job job, int part) {
        AppendRequest request = AppendRequest.newBuilder()
                .setProduct(job.getProduct())
                .setJobId(job.getJobId())
                .setMessageId(job.getMessageId())
                .setPart(part)
                .setTargets(ByteString.copyFromUtf8("targets of " + part))
                .build();
        AppendReply _ = await(job.getJobId(), APPEND, request);
    }

    public Job submit(Job job, int partSize) {
        SubmitRequest request = SubmitRequest.newBuilder()
                .setJob(job)
                .setBodyHash(ByteString.copyFromUtf8("body"))
                .setPush(ByteString.copyFromUtf8("push"))
                .setPartSize(partSize)
                .build();
        return await(job.getJobId(), SUBMIT, request).getJob();
    }

    public Job submitKick(Job job, int partSize) {
        SubmitKickRequest request =
                SubmitKickRequest.newBuilder().setJob(job).setPartSize(partSize).build();
        return await(job.getJobId(), SUBMIT_KICK, request).getJob();
    }

    public Job find(Job job) {
        FindRequest request = FindRequest.newBuilder()
                .setProduct(job.getProduct())
                .setJobId(job.getJobId())
                .build();
        return await(job.getJobId(), FIND, request).getJob();
    }

    public FindReply findByMessage(Job job) {
        FindRequest request = FindRequest.newBuilder()
                .setProduct(job.getProduct())
                .setMessageId(job.getMessageId())
                .build();
        return await(job.getJobId(), FIND, request);
    }

    public List<Job> list(String product) {
        ListRequest request =
                ListRequest.newBuilder().setProduct(product).setLimit(10).build();
        return await(product, LIST, request).getJobsList();
    }

    public Job change(Job job, JobState state) {
        ChangeRequest request = ChangeRequest.newBuilder()
                .setProduct(job.getProduct())
                .setJobId(job.getJobId())
                .setState(state)
                .build();
        return await(job.getJobId(), CHANGE, request).getJob();
    }

    public Job canary(Job job, int permille) {
        ChangeRequest request = ChangeRequest.newBuilder()
                .setProduct(job.getProduct())
                .setJobId(job.getJobId())
                .setCanaryPermille(permille)
                .build();
        return await(job.getJobId(), CHANGE, request).getJob();
    }

    public Job bytes(Job job, int perS) {
        ChangeRequest request = ChangeRequest.newBuilder()
                .setProduct(job.getProduct())
                .setJobId(job.getJobId())
                .setBytesPerS(perS)
                .build();
        return await(job.getJobId(), CHANGE, request).getJob();
    }

    public TakeReply take(int leaseMs) {
        return take(TakeWhat.TAKE_ANY, leaseMs);
    }

    public TakeReply take(TakeWhat what, int leaseMs) {
        TakeRequest request = TakeRequest.newBuilder()
                .setNode("center-1")
                .setWhat(what)
                .setLeaseMs(leaseMs)
                .setNowMs(System.currentTimeMillis())
                .build();
        return await("center-1", TAKE, request);
    }

    public ByteString part(Job job, int part) {
        PartRequest request = PartRequest.newBuilder()
                .setProduct(job.getProduct())
                .setJobId(job.getJobId())
                .setPart(part)
                .build();
        return await(job.getJobId(), PART, request).getTargets();
    }

    public ReportReply report(TakeReply taken, JobProgress progress, JobState end) {
        ReportRequest request = ReportRequest.newBuilder()
                .setProduct(taken.getJob().getProduct())
                .setJobId(taken.getJob().getJobId())
                .setRun(taken.getRun())
                .setProgress(progress)
                .setLeaseMs(60_000)
                .setEnd(end)
                .build();
        return await(taken.getJob().getJobId(), REPORT, request);
    }

    public ReportReply report(TakeReply taken, BroadcastProgress progress, JobState end) {
        ReportRequest request = ReportRequest.newBuilder()
                .setProduct(taken.getJob().getProduct())
                .setJobId(taken.getJob().getJobId())
                .setRun(taken.getRun())
                .setBroadcast(progress)
                .setLeaseMs(60_000)
                .setEnd(end)
                .build();
        return await(taken.getJob().getJobId(), REPORT, request);
    }

    private <Q extends Message, A extends Message> A await(String key, BatchMethod<Q, A> method, Q request) {
        return client.peers().await(Shards.key(key), method, request, Deadline.after(TIME));
    }
}
