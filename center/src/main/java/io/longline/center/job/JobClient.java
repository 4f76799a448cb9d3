package io.longline.center.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.schedule.ScheduleWire;
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
import io.longline.rpc.v1.JobsGrpc;
import io.longline.rpc.v1.ListReply;
import io.longline.rpc.v1.ListRequest;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.RecordReply;
import io.longline.rpc.v1.RecordRequest;
import io.longline.rpc.v1.SubmitKickReply;
import io.longline.rpc.v1.SubmitKickRequest;
import io.longline.rpc.v1.SubmitReply;
import io.longline.rpc.v1.SubmitRequest;
import java.util.List;
import java.util.Optional;

/** Has saver keep jobs, and tells it what back ends want of them. Who works on them asks {@link JobWorkClient}. */
public final class JobClient {
    private static final BatchMethod<AppendRequest, AppendReply> APPEND =
            BatchMethod.of(JobsGrpc.getAppendMethod(), AppendRequest.class, AppendReply.class);
    private static final BatchMethod<SubmitRequest, SubmitReply> SUBMIT =
            BatchMethod.of(JobsGrpc.getSubmitMethod(), SubmitRequest.class, SubmitReply.class);
    private static final BatchMethod<SubmitKickRequest, SubmitKickReply> SUBMIT_KICK =
            BatchMethod.of(JobsGrpc.getSubmitKickMethod(), SubmitKickRequest.class, SubmitKickReply.class);
    private static final BatchMethod<DropRequest, DropReply> DROP =
            BatchMethod.of(JobsGrpc.getDropMethod(), DropRequest.class, DropReply.class);
    private static final BatchMethod<FindRequest, FindReply> FIND =
            BatchMethod.of(JobsGrpc.getFindMethod(), FindRequest.class, FindReply.class);
    private static final BatchMethod<ListRequest, ListReply> LIST =
            BatchMethod.of(JobsGrpc.getListMethod(), ListRequest.class, ListReply.class);
    private static final BatchMethod<ChangeRequest, ChangeReply> CHANGE =
            BatchMethod.of(JobsGrpc.getChangeMethod(), ChangeRequest.class, ChangeReply.class);
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
        append(push.product(), push.messageId(), jobId, part, targets, deadline);
    }

    private void append(
            String product, String messageId, String jobId, int part, List<Target> targets, Deadline deadline) {
        AppendRequest request = AppendRequest.newBuilder()
                .setProduct(product)
                .setJobId(jobId)
                .setMessageId(messageId)
                .setPart(part)
                .setTargets(JobWire.targets(targets))
                .build();
        AppendReply _ = await(jobId, APPEND, request, deadline);
    }

    /** Answers the job that its message id has already, or this one; IDEMPOTENCY_CONFLICT where that one has another body. */
    public Job submit(Job job, byte[] bodyHash, Push push, int partSize, Deadline deadline) {
        SubmitRequest request = SubmitRequest.newBuilder()
                .setJob(JobWire.job(job))
                .setBodyHash(ByteString.copyFrom(bodyHash))
                .setPush(ScheduleWire.kept(push).toByteString())
                .setPartSize(partSize)
                .build();
        return JobWire.job(await(job.id(), SUBMIT, request, deadline).getJob());
    }

    /** The same of a list of users to be kicked, which has no message. */
    public void appendToKick(String product, String jobId, int part, List<Target> targets, Deadline deadline) {
        append(product, jobId, jobId, part, targets, deadline);
    }

    /** Its list is whole. */
    public Job submitKick(Job job, int partSize, Deadline deadline) {
        SubmitKickRequest request = SubmitKickRequest.newBuilder()
                .setJob(JobWire.job(job))
                .setPartSize(partSize)
                .build();
        return JobWire.job(await(job.id(), SUBMIT_KICK, request, deadline).getJob());
    }

    public void drop(String product, String jobId, Deadline deadline) {
        DropRequest request =
                DropRequest.newBuilder().setProduct(product).setJobId(jobId).build();
        DropReply _ = await(jobId, DROP, request, deadline);
    }

    /** IDEMPOTENCY_CONFLICT where the id is that of another message. */
    public void claim(Push push, byte[] bodyHash, Deadline deadline) {
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

    public Optional<KnownJob> known(String product, String messageId, Deadline deadline) {
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

    Job change(String product, String jobId, JobChange change, Deadline deadline) {
        ChangeRequest.Builder request =
                ChangeRequest.newBuilder().setProduct(product).setJobId(jobId);
        if (change.state() != null) {
            request.setState(JobWire.state(change.state()));
        }
        change.ratePerS().ifPresent(request::setRatePerS);
        change.bytesPerS().ifPresent(request::setBytesPerS);
        change.canaryPermille().ifPresent(request::setCanaryPermille);
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

    private <Q extends Message, A extends Message> A await(
            String jobId, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return JobCall.await(savers, Shards.key(jobId), method, request, deadline);
    }

    private <Q extends Message, A extends Message> A await(
            long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return JobCall.await(savers, key, method, request, deadline);
    }
}
