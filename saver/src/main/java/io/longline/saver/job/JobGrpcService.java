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
import io.longline.rpc.v1.SubmitReply;
import io.longline.rpc.v1.SubmitRequest;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakeRequest;
import io.longline.saver.journal.MysqlDatabase;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The service {@code Jobs}. */
public final class JobGrpcService {
    private static final int LONGEST_PAGE = 100;
    private static final int LONGEST_REASON = 128;
    private static final int MOST_IN_A_PART = 10_000;
    private static final int LONGEST_LEASE_MS = 600_000;
    private static final OptionalLong NOT_COUNTED = OptionalLong.empty();

    private final MysqlJobLists lists;
    private final MysqlJobs jobs;
    private final MysqlJobRuns runs;
    private final RedisJobAcks acks;

    public JobGrpcService(MysqlDatabase database, RedisJobAcks acks) {
        this.lists = new MysqlJobLists(database);
        this.jobs = new MysqlJobs(database);
        this.runs = new MysqlJobRuns(database);
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
                        BatchMethod.of(JobsGrpc.getDropMethod(), DropRequest.class, DropReply.class),
                        (request, _) -> drop(request))
                .sideBySide(BatchMethod.of(JobsGrpc.getFindMethod(), FindRequest.class, FindReply.class), this::find)
                .sideBySide(BatchMethod.of(JobsGrpc.getListMethod(), ListRequest.class, ListReply.class), this::list)
                .sideBySide(
                        BatchMethod.of(JobsGrpc.getChangeMethod(), ChangeRequest.class, ChangeReply.class),
                        this::change)
                .sideBySide(BatchMethod.of(JobsGrpc.getTakeMethod(), TakeRequest.class, TakeReply.class), this::take)
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
        int partSize = request.getPartSize();
        if (partSize < 1 || partSize > MOST_IN_A_PART) {
            throw LonglineException.invalid("part_size", "is " + partSize + ", expected 1 to " + MOST_IN_A_PART);
        }
        NewJob fresh =
                new NewJob(JobMessages.fresh(request.getJob()), request.getBodyHash(), request.getPush(), partSize);
        return SubmitReply.newBuilder()
                .setJob(JobMessages.of(jobs.submit(fresh), NOT_COUNTED))
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
                wished(request.getState()),
                request.hasRatePerS() ? OptionalInt.of(JobMessages.rate(request.getRatePerS())) : OptionalInt.empty(),
                request.getRecall());
        Job job = jobs.change(product(request.getProduct()), id(request.getJobId()), wish, deadline);
        return ChangeReply.newBuilder().setJob(counted(job, deadline)).build();
    }

    private static @Nullable JobState wished(io.longline.rpc.v1.JobState state) {
        return switch (state) {
            case JOB_STATE_UNSPECIFIED -> null;
            case JOB_RUNNING -> JobState.RUNNING;
            case JOB_PAUSED -> JobState.PAUSED;
            case JOB_CANCELLED -> JobState.CANCELLED;
            default -> throw LonglineException.invalid("state", "is " + state + ", which nobody can set");
        };
    }

    private io.longline.rpc.v1.Job counted(Job job, Deadline deadline) {
        return JobMessages.of(job, job.progress().sent() == 0 ? OptionalLong.of(0) : acks.of(job.id(), deadline));
    }

    private TakeReply take(TakeRequest request, Deadline deadline) {
        Optional<TakenJob> taken = runs.take(
                Ids.require("node", request.getNode()),
                what(request),
                lease(request.getLeaseMs()),
                request.getNowMs(),
                deadline);
        return taken.map(job -> TakeReply.newBuilder()
                        .setJob(JobMessages.of(job.job(), NOT_COUNTED))
                        .setRun(job.run())
                        .setPush(job.push())
                        .setPartSize(job.partSize())
                        .setRecalled(job.recalled())
                        .setGivenBack(job.givenBack())
                        .build())
                .orElse(TakeReply.getDefaultInstance());
    }

    private static TakeWhat what(TakeRequest request) {
        return switch (request.getWhat()) {
            case TAKE_ANY, UNRECOGNIZED -> TakeWhat.ANY;
            case TAKE_TO_SEND -> TakeWhat.TO_SEND;
            case TAKE_TO_RECALL -> TakeWhat.TO_RECALL;
        };
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
                                shortened(request.getReason()),
                                end(request.getEnd()),
                                lease,
                                request.getGivesBack()),
                        deadline);
            case RECALL -> {
                JobRecall recall = request.getRecall();
                yield runs.recalled(
                        product, id, request.getRun(), recall.getRecalled(), recall.getOver(), lease, deadline);
            }
            case HOWFAR_NOT_SET -> throw LonglineException.invalid("how_far", "is required");
        };
        return standing.map(now -> ReportReply.newBuilder()
                        .setState(JobMessages.state(now.state()))
                        .setRatePerS(now.ratePerS())
                        .build())
                .orElse(ReportReply.newBuilder().setLost(true).build());
    }

    private static @Nullable JobState end(io.longline.rpc.v1.JobState state) {
        return switch (state) {
            case JOB_STATE_UNSPECIFIED -> null;
            case JOB_DONE -> JobState.DONE;
            case JOB_CANCELLED -> JobState.CANCELLED;
            case JOB_FAILED -> JobState.FAILED;
            default -> throw LonglineException.invalid("end", "is " + state + ", which is no end");
        };
    }

    /** Printable ASCII, as it stands in a column of it. */
    private static String shortened(String reason) {
        String plain = reason.replaceAll("[^ -~]", "?");
        return plain.length() <= LONGEST_REASON ? plain : plain.substring(0, LONGEST_REASON);
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
