package io.longline.saver.job;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.AppendReply;
import io.longline.rpc.v1.AppendRequest;
import io.longline.rpc.v1.ChangeReply;
import io.longline.rpc.v1.ChangeRequest;
import io.longline.rpc.v1.DropReply;
import io.longline.rpc.v1.DropRequest;
import io.longline.rpc.v1.FindReply;
import io.longline.rpc.v1.FindRequest;
import io.longline.rpc.v1.JobRecall;
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
import io.longline.rpc.v1.TakeBehindReply;
import io.longline.rpc.v1.TakeBehindRequest;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakeRequest;
import io.longline.saver.journal.MysqlDatabase;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The service {@code Jobs}. */
public final class JobGrpcService {
    private static final int LONGEST_PAGE = 100;
    /** Of what has no list. */
    private static final int WITHOUT_PARTS = 1;

    /** Broadcasts that are sent with another one. */
    private static final int MOST_BEHIND = 32;

    private static final int LONGEST_LEASE_MS = 600_000;
    private static final OptionalLong NOT_COUNTED = OptionalLong.empty();

    private final MysqlJobLists lists;
    private final MysqlJobs jobs;
    private final MysqlJobRuns runs;
    private final MysqlBroadcasts broadcasts;
    private final MysqlBehind behind;
    private final MysqlKicks kicks;
    private final RedisJobAcks acks;

    public JobGrpcService(MysqlDatabase database, RedisJobAcks acks) {
        this.lists = new MysqlJobLists(database);
        this.jobs = new MysqlJobs(database);
        this.runs = new MysqlJobRuns(database);
        this.broadcasts = new MysqlBroadcasts(database);
        this.behind = new MysqlBehind(database);
        this.kicks = new MysqlKicks(database);
        this.acks = acks;
    }

    public RpcService service() {
        return RpcService.of(JobsGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getAppendMethod(), AppendRequest.class, AppendReply.class),
                        (request, _) -> append(request))
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getSubmitMethod(), SubmitRequest.class, SubmitReply.class),
                        (request, _) -> submit(request))
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getSubmitKickMethod(), SubmitKickRequest.class, SubmitKickReply.class),
                        (request, _) -> submitKick(request))
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getDropMethod(), DropRequest.class, DropReply.class),
                        (request, _) -> drop(request))
                .sideBySide(BatchMethod.of(JobsGrpc.getFindMethod(), FindRequest.class, FindReply.class), this::find)
                .sideBySide(BatchMethod.of(JobsGrpc.getListMethod(), ListRequest.class, ListReply.class), this::list)
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getChangeMethod(), ChangeRequest.class, ChangeReply.class),
                        this::change)
                .sideBySide(BatchMethod.of(JobsGrpc.getTakeMethod(), TakeRequest.class, TakeReply.class), this::take)
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getTakeBehindMethod(), TakeBehindRequest.class, TakeBehindReply.class),
                        this::takeBehind)
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getPartMethod(), PartRequest.class, PartReply.class),
                        (request, _) -> part(request))
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getReportMethod(), ReportRequest.class, ReportReply.class),
                        this::report);
    }

    private AppendReply append(AppendRequest request) {
        lists.append(
                product(request.getProduct()),
                id(request.getJobId()),
                Ids.require("message_id", request.getMessageId()),
                JobMessages.part(request.getPart()),
                request.getTargets());
        return AppendReply.getDefaultInstance();
    }

    private SubmitReply submit(SubmitRequest request) {
        Job job = JobMessages.fresh(request.getJob());
        NewJob fresh = new NewJob(
                job,
                request.getBodyHash(),
                request.getPush(),
                job.isBroadcast() ? WITHOUT_PARTS : JobMessages.partSize(request.getPartSize()));
        Job queued = job.isBroadcast() ? broadcasts.submit(fresh) : jobs.submit(fresh);
        return SubmitReply.newBuilder()
                .setJob(JobMessages.of(queued, NOT_COUNTED))
                .build();
    }

    private SubmitKickReply submitKick(SubmitKickRequest request) {
        Job queued = kicks.submit(
                JobMessages.fresh(request.getJob()),
                JobMessages.kick(request.getJob()),
                JobMessages.partSize(request.getPartSize()));
        return SubmitKickReply.newBuilder()
                .setJob(JobMessages.of(queued, NOT_COUNTED))
                .build();
    }

    private DropReply drop(DropRequest request) {
        lists.drop(product(request.getProduct()), id(request.getJobId()));
        return DropReply.getDefaultInstance();
    }

    private FindReply find(FindRequest request, Deadline deadline) {
        String product = product(request.getProduct());
        if (request.getByCase() != FindRequest.ByCase.MESSAGE_ID) {
            Job job = jobs.byId(product, id(request.getJobId()));
            return FindReply.newBuilder().setJob(counted(job, deadline)).build();
        }
        KnownJob known = jobs.byMessage(product, Ids.require("message_id", request.getMessageId()));
        return FindReply.newBuilder()
                .setJob(counted(known.job(), deadline))
                .setBodyHash(known.bodyHash())
                .build();
    }

    private ListReply list(ListRequest request, Deadline deadline) {
        String before = request.getBefore();
        ListReply.Builder reply = ListReply.newBuilder();
        jobs.page(
                        product(request.getProduct()),
                        before.isEmpty() ? before : Ids.require("before", before),
                        Math.clamp(request.getLimit(), 1, LONGEST_PAGE))
                .forEach(job -> reply.addJobs(counted(job, deadline)));
        return reply.build();
    }

    private ChangeReply change(ChangeRequest request, Deadline deadline) {
        JobWish wish = new JobWish(
                JobMessages.wished(request.getState()),
                request.hasRatePerS() ? OptionalInt.of(JobMessages.rate(request.getRatePerS())) : OptionalInt.empty(),
                request.hasBytesPerS()
                        ? OptionalInt.of(BroadcastMessages.bytesPerS(request.getBytesPerS()))
                        : OptionalInt.empty(),
                request.hasCanaryPermille()
                        ? OptionalInt.of(BroadcastMessages.canary(request.getCanaryPermille()))
                        : OptionalInt.empty(),
                request.getRecall());
        Job job = jobs.change(product(request.getProduct()), id(request.getJobId()), wish, deadline);
        return ChangeReply.newBuilder().setJob(counted(job, deadline)).build();
    }

    private io.longline.rpc.v1.Job counted(Job job, Deadline deadline) {
        OptionalLong none = OptionalLong.of(job.broadcast().acked());
        boolean mayBe = job.progress().sent() > 0 && job.kick() == null;
        return JobMessages.of(job, mayBe ? acks.of(job.id(), deadline) : none);
    }

    private TakeReply take(TakeRequest request, Deadline deadline) {
        Optional<TakenJob> taken = runs.take(
                Ids.require("node", request.getNode()),
                JobMessages.what(request.getWhat()),
                lease(request.getLeaseMs()),
                request.getNowMs(),
                deadline);
        return taken.map(JobMessages::of).orElse(TakeReply.getDefaultInstance());
    }

    private TakeBehindReply takeBehind(TakeBehindRequest request, Deadline deadline) {
        MysqlBehind.Taking taking = new MysqlBehind.Taking(
                Ids.require("node", request.getNode()),
                request.getRun(),
                lease(request.getLeaseMs()),
                Math.clamp(request.getMost(), 0, MOST_BEHIND),
                Integer.toUnsignedLong(request.getMostBytes()));
        TakeBehindReply.Builder reply = TakeBehindReply.newBuilder();
        behind.take(product(request.getProduct()), id(request.getJobId()), taking, deadline)
                .forEach(taken -> reply.addJobs(JobMessages.behind(taken)));
        return reply.build();
    }

    private PartReply part(PartRequest request) {
        return PartReply.newBuilder()
                .setTargets(lists.part(
                        product(request.getProduct()), id(request.getJobId()), JobMessages.part(request.getPart())))
                .build();
    }

    private ReportReply report(ReportRequest request, Deadline deadline) {
        String product = product(request.getProduct());
        String id = id(request.getJobId());
        Duration lease = lease(request.getLeaseMs());
        Optional<Standing> standing = switch (request.getHowFarCase()) {
            case PROGRESS ->
                runs.report(
                        product,
                        id,
                        request.getRun(),
                        new Report(
                                JobMessages.progress(request.getProgress()),
                                JobMessages.reason(request.getReason()),
                                JobMessages.end(request.getEnd(), false),
                                lease,
                                request.getGivesBack()),
                        deadline);
            case RECALL -> {
                JobRecall recall = request.getRecall();
                yield runs.recalled(
                        product, id, request.getRun(), recall.getRecalled(), recall.getOver(), lease, deadline);
            }
            case BROADCAST ->
                broadcasts.report(
                        product,
                        id,
                        request.getRun(),
                        new BroadcastReport(
                                BroadcastMessages.offset(request.getBroadcast()),
                                BroadcastMessages.rooms(request.getBroadcast()),
                                JobMessages.reason(request.getReason()),
                                JobMessages.end(request.getEnd(), true),
                                lease,
                                request.getGivesBack()),
                        deadline);
            case HOWFAR_NOT_SET -> throw LonglineException.invalid("how_far", "is required");
        };
        return standing.map(now -> ReportReply.newBuilder()
                        .setState(JobMessages.state(now.state()))
                        .setRatePerS(now.ratePerS())
                        .setBytesPerS(now.bytesPerS())
                        .setCanaryPermille(now.canaryPermille())
                        .setSharing(now.sharing())
                        .build())
                .orElse(ReportReply.newBuilder().setLost(true).build());
    }

    private static Duration lease(int ms) {
        if (ms < 1 || ms > LONGEST_LEASE_MS) {
            throw LonglineException.invalid("lease_ms", "is " + ms + ", expected 1 to " + LONGEST_LEASE_MS);
        }
        return Duration.ofMillis(ms);
    }

    private static String product(String product) {
        return Ids.requireProduct("product", product);
    }

    private static String id(String jobId) {
        return Ids.require("job_id", jobId);
    }
}
