package io.longline.center.kit;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.AppendReply;
import io.longline.rpc.v1.AppendRequest;
import io.longline.rpc.v1.BroadcastProgress;
import io.longline.rpc.v1.ChangeReply;
import io.longline.rpc.v1.ChangeRequest;
import io.longline.rpc.v1.DropReply;
import io.longline.rpc.v1.DropRequest;
import io.longline.rpc.v1.FindReply;
import io.longline.rpc.v1.FindRequest;
import io.longline.rpc.v1.Job;
import io.longline.rpc.v1.JobState;
import io.longline.rpc.v1.JobsGrpc;
import io.longline.rpc.v1.ListReply;
import io.longline.rpc.v1.ListRequest;
import io.longline.rpc.v1.PartReply;
import io.longline.rpc.v1.PartRequest;
import io.longline.rpc.v1.ReportReply;
import io.longline.rpc.v1.ReportRequest;
import io.longline.rpc.v1.RoomProgress;
import io.longline.rpc.v1.SubmitKickReply;
import io.longline.rpc.v1.SubmitKickRequest;
import io.longline.rpc.v1.SubmitReply;
import io.longline.rpc.v1.SubmitRequest;
import io.longline.rpc.v1.TakeBehindReply;
import io.longline.rpc.v1.TakeBehindRequest;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakeRequest;
import io.longline.rpc.v1.TakeWhat;
import io.longline.rpc.v1.TakenBehind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The part of {@link FakeSaver} that keeps jobs, in a map. One lock around everything. */
public final class FakeJobs {
    private final TreeMap<String, Kept> jobs = new TreeMap<>();
    private volatile Duration longestLease = Duration.ofMinutes(1);
    private volatile @Nullable CountDownLatch appendGate;
    private volatile @Nullable LonglineException failure;
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waitingAppends = new AtomicInteger();
    private boolean isOfFormerRelease;
    private int appended;

    private static final class Kept {
        private final Map<Integer, ByteString> parts = new TreeMap<>();
        private Job.Builder job = Job.newBuilder();
        private ByteString hash = ByteString.EMPTY;
        private ByteString push = ByteString.EMPTY;
        private int partSize;
        private long acks;
        private long run;
        /** Who took it last. */
        private String node = "";

        private long heldUntilMs;
        private boolean givenBack = true;
        private long recalled;
        private boolean recalls;
        /** Of a broadcast: it has begun, and keeps others of its topic waiting. */
        private boolean begun;
        /** It was taken behind another one, and is not settled; it has not begun then. */
        private boolean behind;

        boolean isOfTopic(Kept other) {
            return isBroadcast()
                    && job.getTopic().equals(other.job.getTopic())
                    && job.getProduct().equals(other.job.getProduct());
        }

        boolean isBroadcast() {
            return !job.getTopic().isEmpty();
        }

        boolean isReceiving() {
            return job.getState() == JobState.JOB_STATE_UNSPECIFIED;
        }

        boolean isFinal() {
            return job.getState().compareTo(JobState.JOB_DONE) >= 0;
        }

        Job told() {
            return job.setAcked(acks)
                    .setHeld(heldUntilMs > System.currentTimeMillis())
                    .build();
        }
    }

    RpcService service() {
        RpcService service = RpcService.of(JobsGrpc.getServiceDescriptor());
        Methods.each(
                service,
                JobsGrpc.getAppendMethod(),
                AppendRequest.class,
                AppendReply.class,
                this::append,
                e -> AppendReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getSubmitMethod(),
                SubmitRequest.class,
                SubmitReply.class,
                this::submit,
                e -> SubmitReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getSubmitKickMethod(),
                SubmitKickRequest.class,
                SubmitKickReply.class,
                this::submitKick,
                e -> SubmitKickReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getDropMethod(),
                DropRequest.class,
                DropReply.class,
                this::drop,
                e -> DropReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getFindMethod(),
                FindRequest.class,
                FindReply.class,
                this::find,
                e -> FindReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getListMethod(),
                ListRequest.class,
                ListReply.class,
                this::list,
                e -> ListReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getChangeMethod(),
                ChangeRequest.class,
                ChangeReply.class,
                this::change,
                e -> ChangeReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getTakeMethod(),
                TakeRequest.class,
                TakeReply.class,
                this::take,
                e -> TakeReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getTakeBehindMethod(),
                TakeBehindRequest.class,
                TakeBehindReply.class,
                this::takeBehind,
                e -> TakeBehindReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getPartMethod(),
                PartRequest.class,
                PartReply.class,
                this::part,
                e -> PartReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                JobsGrpc.getReportMethod(),
                ReportRequest.class,
                ReportReply.class,
                this::report,
                e -> ReportReply.newBuilder().setError(e).build());
        return service;
    }

    private AppendReply append(AppendRequest request) {
        CountDownLatch gate = appendGate;
        if (gate != null) {
            waitingAppends.incrementAndGet();
            FakeSaver.await(gate);
            waitingAppends.decrementAndGet();
        }
        LonglineException down = failure;
        if (down != null) {
            throw down;
        }
        synchronized (this) {
            Kept kept = jobs.computeIfAbsent(request.getJobId(), _ -> new Kept());
            kept.job.setProduct(request.getProduct()).setJobId(request.getJobId());
            kept.parts.put(request.getPart(), request.getTargets());
            appended++;
            return AppendReply.getDefaultInstance();
        }
    }

    private synchronized SubmitReply submit(SubmitRequest request) {
        Optional<Kept> known =
                ofMessage(request.getJob().getProduct(), request.getJob().getMessageId());
        if (known.isPresent()) {
            if (!known.get().hash.equals(request.getBodyHash())) {
                throw new LonglineException(ErrorCode.IDEMPOTENCY_CONFLICT, "there is another job of this message id");
            }
            return SubmitReply.newBuilder().setJob(known.get().told()).build();
        }
        boolean isList = request.getJob().getTopic().isEmpty();
        if (!isList) {
            jobs.put(request.getJob().getJobId(), new Kept());
        }
        Kept kept = Objects.requireNonNull(jobs.get(request.getJob().getJobId()));
        if (isList && kept.parts.size() != Math.ceilDiv(request.getJob().getTargeted(), request.getPartSize())) {
            throw new IllegalStateException("a list without a part: " + kept.parts.keySet());
        }
        kept.job = request.getJob().toBuilder().setState(JobState.JOB_QUEUED);
        kept.hash = request.getBodyHash();
        kept.push = request.getPush();
        kept.partSize = request.getPartSize();
        return SubmitReply.newBuilder().setJob(kept.told()).build();
    }

    private synchronized SubmitKickReply submitKick(SubmitKickRequest request) {
        Kept kept = Objects.requireNonNull(jobs.get(request.getJob().getJobId()));
        if (kept.parts.size() != Math.ceilDiv(request.getJob().getTargeted(), request.getPartSize())) {
            throw new IllegalStateException("a list without a part: " + kept.parts.keySet());
        }
        kept.job = request.getJob().toBuilder().setState(JobState.JOB_QUEUED);
        kept.partSize = request.getPartSize();
        return SubmitKickReply.newBuilder().setJob(kept.told()).build();
    }

    private synchronized DropReply drop(DropRequest request) {
        Kept kept = jobs.get(request.getJobId());
        if (kept != null && kept.isReceiving()) {
            jobs.remove(request.getJobId());
        }
        return DropReply.getDefaultInstance();
    }

    private synchronized FindReply find(FindRequest request) {
        Kept kept = request.hasMessageId()
                ? ofMessage(request.getProduct(), request.getMessageId())
                        .orElseThrow(() -> notFound(request.getMessageId()))
                : visible(request.getProduct(), request.getJobId());
        return FindReply.newBuilder().setJob(kept.told()).setBodyHash(kept.hash).build();
    }

    private synchronized ListReply list(ListRequest request) {
        ListReply.Builder reply = ListReply.newBuilder();
        jobs.descendingMap().forEach((id, kept) -> {
            boolean before = request.getBefore().isEmpty() || id.compareTo(request.getBefore()) < 0;
            if (before
                    && !kept.isReceiving()
                    && kept.job.getProduct().equals(request.getProduct())
                    && reply.getJobsCount() < request.getLimit()) {
                reply.addJobs(kept.told());
            }
        });
        return reply.build();
    }

    private synchronized ChangeReply change(ChangeRequest request) {
        Kept kept = visible(request.getProduct(), request.getJobId());
        if (kept.isFinal() && !request.getRecall() && request.getState() != kept.job.getState()) {
            throw new LonglineException(ErrorCode.JOB_STATE_CONFLICT, "the job is " + kept.job.getState() + " already");
        }
        if (request.getRecall()) {
            kept.recalls = true;
            kept.job.setRecalled(true);
        }
        if (request.hasRatePerS()) {
            kept.job.setRatePerS(request.getRatePerS());
        }
        if (request.hasBytesPerS()) {
            kept.job.setBytesPerS(request.getBytesPerS());
        }
        boolean holding = kept.job.getState() == JobState.JOB_HOLDING;
        JobState wanted = request.getRecall() ? JobState.JOB_CANCELLED : request.getState();
        if (request.hasCanaryPermille()) {
            int before = kept.job.getCanaryPermille();
            boolean more = request.getCanaryPermille() == 0 || request.getCanaryPermille() > before;
            kept.job.setCanaryPermille(request.getCanaryPermille());
            if (holding && more && wanted == JobState.JOB_STATE_UNSPECIFIED) {
                wanted = JobState.JOB_RUNNING;
            }
        } else if (holding && wanted == JobState.JOB_RUNNING) {
            kept.job.setCanaryPermille(0);
        }
        boolean paused = kept.job.getState() == JobState.JOB_PAUSED || holding;
        if (wanted == JobState.JOB_RUNNING && paused) {
            boolean isHad = kept.behind && kept.heldUntilMs > System.currentTimeMillis();
            kept.job.setState(kept.begun || isHad ? JobState.JOB_RUNNING : JobState.JOB_QUEUED);
        } else if (wanted == JobState.JOB_PAUSED || (wanted == JobState.JOB_CANCELLED && !kept.isFinal())) {
            kept.job.setState(wanted);
        }
        return ChangeReply.newBuilder().setJob(kept.told()).build();
    }

    private synchronized TakeReply take(TakeRequest request) {
        if (silent.contains(request.getNode())) {
            throw LonglineException.dependencyDown("saver", "nobody hears " + request.getNode(), null);
        }
        long now = System.currentTimeMillis();
        List<Kept> oldestFirst = jobs.values().stream()
                .sorted(Comparator.comparingLong(kept -> Math.max(kept.job.getCreatedAtMs(), kept.heldUntilMs)))
                .toList();
        for (Kept kept : oldestFirst) {
            if (kept.heldUntilMs > now || !isFree(kept, request.getNowMs()) || !isMeant(kept, request.getWhat())) {
                continue;
            }
            if (!kept.recalls && !kept.isFinal()) {
                kept.job.setState(JobState.JOB_RUNNING);
            }
            kept.begun |= kept.isBroadcast() && !kept.isFinal();
            boolean givenBack = kept.givenBack;
            kept.givenBack = false;
            kept.run++;
            kept.node = request.getNode();
            kept.heldUntilMs = now + Math.min(request.getLeaseMs(), longestLease.toMillis());
            return TakeReply.newBuilder()
                    .setJob(kept.told())
                    .setRun(kept.run)
                    .setPush(kept.push)
                    .setPartSize(kept.partSize)
                    .setRecalled(kept.recalled)
                    .setGivenBack(givenBack)
                    .setSharing(sharing(kept))
                    .build();
        }
        return TakeReply.getDefaultInstance();
    }

    private synchronized TakeBehindReply takeBehind(TakeBehindRequest request) {
        if (isOfFormerRelease) {
            throw new LonglineException(ErrorCode.METHOD_NOT_ALLOWED, "there is no such method");
        }
        Kept first = require(request.getProduct(), request.getJobId());
        TakeBehindReply.Builder reply = TakeBehindReply.newBuilder();
        if (first.run != request.getRun() || !first.begun || first.job.getState() != JobState.JOB_RUNNING) {
            return reply.build();
        }
        long now = System.currentTimeMillis();
        List<Kept> next = jobs.values().stream()
                .filter(kept -> kept != first
                        && kept.isOfTopic(first)
                        && !(kept.isFinal() && !kept.behind)
                        && (kept.behind || kept.job.getState() == JobState.JOB_QUEUED))
                .sorted(Comparator.comparing((Kept kept) -> !kept.behind))
                .toList();
        for (Kept kept : next) {
            boolean waits = kept.job.getState() == JobState.JOB_QUEUED || kept.job.getState() == JobState.JOB_RUNNING;
            if (!waits
                    || kept.heldUntilMs > now
                    || kept.job.getRatePerS() > 0
                    || kept.job.getBytesPerS() > 0
                    || kept.job.getCanaryPermille() > 0
                    || reply.getJobsCount() == request.getMost()) {
                return reply.build();
            }
            boolean givenBack = kept.givenBack;
            kept.givenBack = false;
            kept.behind = true;
            kept.run++;
            kept.node = request.getNode();
            kept.heldUntilMs = now + Math.min(request.getLeaseMs(), longestLease.toMillis());
            kept.job.setState(JobState.JOB_RUNNING);
            reply.addJobs(TakenBehind.newBuilder()
                    .setJob(kept.told())
                    .setRun(kept.run)
                    .setPush(kept.push)
                    .setGivenBack(givenBack));
        }
        return reply.build();
    }

    private static boolean isMeant(Kept kept, TakeWhat what) {
        if (kept.job.hasKick() || what == TakeWhat.TAKE_TO_KICK) {
            return kept.job.hasKick() && what == TakeWhat.TAKE_TO_KICK;
        }
        if (kept.isBroadcast() && what != TakeWhat.TAKE_TO_RECALL) {
            return what == TakeWhat.TAKE_TO_BROADCAST && (!kept.isFinal() || kept.begun);
        }
        return what != TakeWhat.TAKE_TO_BROADCAST && isMeantOfLists(kept, what);
    }

    private int sharing(Kept kept) {
        return (int) jobs.values().stream()
                .filter(other -> other.job.getState() == JobState.JOB_RUNNING
                        && other.job.getProduct().equals(kept.job.getProduct()))
                .count();
    }

    private static boolean isMeantOfLists(Kept kept, TakeWhat what) {
        return what == TakeWhat.TAKE_ANY || kept.recalls == (what == TakeWhat.TAKE_TO_RECALL);
    }

    private boolean isFree(Kept kept, long nowMs) {
        JobState state = kept.job.getState();
        boolean waits = state == JobState.JOB_QUEUED
                || state == JobState.JOB_PAUSED
                || state == JobState.JOB_HOLDING
                || (kept.isBroadcast() && state == JobState.JOB_RUNNING);
        if (waits && kept.job.getEndsAtMs() <= nowMs) {
            kept.job.setState(JobState.JOB_CANCELLED).setReason("ttl");
            return kept.begun;
        }
        if (kept.isBroadcast()) {
            boolean first = jobs.values().stream()
                    .noneMatch(other -> other != kept && (other.begun || other.behind) && other.isOfTopic(kept));
            if (kept.behind) {
                return false;
            }
            return kept.recalls
                    || state == JobState.JOB_RUNNING
                    || (state == JobState.JOB_QUEUED && (first || kept.begun))
                    || (kept.isFinal() && kept.begun);
        }
        boolean alone = jobs.values().stream()
                .noneMatch(other -> other.job.getState() == JobState.JOB_RUNNING
                        && !other.isBroadcast()
                        && other.job.hasKick() == kept.job.hasKick()
                        && other.job.getProduct().equals(kept.job.getProduct()));
        return kept.recalls || state == JobState.JOB_RUNNING || (state == JobState.JOB_QUEUED && alone);
    }

    private synchronized PartReply part(PartRequest request) {
        ByteString part =
                visible(request.getProduct(), request.getJobId()).parts.get(request.getPart());
        if (part == null) {
            throw notFound(request.getJobId());
        }
        return PartReply.newBuilder().setTargets(part).build();
    }

    private synchronized ReportReply report(ReportRequest request) {
        Kept kept = require(request.getProduct(), request.getJobId());
        if (kept.run != request.getRun()) {
            return ReportReply.newBuilder().setLost(true).build();
        }
        if (silent.contains(kept.node)) {
            throw LonglineException.dependencyDown("saver", "nobody hears " + kept.node, null);
        }
        if (unheard.contains(request.getJobId())) {
            throw LonglineException.dependencyDown("saver", "nobody hears of " + request.getJobId(), null);
        }
        boolean goesOn = true;
        boolean last = true;
        if (request.hasBroadcast()) {
            merge(kept, request.getBroadcast());
        }
        if (request.hasRecall()) {
            kept.recalled = request.getRecall().getRecalled();
            kept.recalls = !request.getRecall().getOver();
        } else {
            if (request.hasBroadcast()) {
                kept.givenBack = request.getGivesBack();
            } else if (request.getProgress().getDone() >= kept.job.getProgress().getDone()) {
                kept.job.setProgress(request.getProgress());
                kept.givenBack = request.getGivesBack();
            }
            last = request.getEnd() != JobState.JOB_STATE_UNSPECIFIED || request.getGivesBack();
            boolean ends = false;
            if (request.getEnd() != JobState.JOB_STATE_UNSPECIFIED && !kept.isFinal()) {
                kept.job.setState(request.getEnd());
                ends = true;
            }
            boolean settled = kept.isFinal() && request.getEnd() != JobState.JOB_STATE_UNSPECIFIED;
            if (settled) {
                settle(kept);
            }
            if (kept.behind && request.getGivesBack() && kept.job.getState() == JobState.JOB_RUNNING) {
                kept.job.setState(JobState.JOB_QUEUED);
            }
            if (!kept.isFinal() || ends) {
                kept.job.setReason(request.getReason());
            }
            goesOn = kept.job.getState() == JobState.JOB_RUNNING;
        }
        long lease = Math.min(request.getLeaseMs(), longestLease.toMillis());
        if (goesOn) {
            kept.heldUntilMs = System.currentTimeMillis() + lease;
        } else if (last || !kept.isFinal()) {
            kept.heldUntilMs = 0;
        }
        return ReportReply.newBuilder()
                .setState(kept.job.getState())
                .setRatePerS(kept.job.getRatePerS())
                .setBytesPerS(kept.job.getBytesPerS())
                .setCanaryPermille(kept.job.getCanaryPermille())
                .setSharing(sharing(kept))
                .build();
    }

    /** The next of those behind it has the place from now on. */
    private void settle(Kept kept) {
        kept.begun = false;
        kept.behind = false;
        if (kept.isBroadcast() && jobs.values().stream().noneMatch(other -> other.begun && other.isOfTopic(kept))) {
            jobs.values().stream()
                    .filter(other -> other.behind && other.isOfTopic(kept))
                    .findFirst()
                    .ifPresent(next -> {
                        next.behind = false;
                        next.begun = true;
                    });
        }
    }

    /** Of each number the greater, but what is left is as it is by now. */
    private static void merge(Kept kept, BroadcastProgress told) {
        BroadcastProgress.Builder known = kept.job.getBroadcastBuilder().setOffset(told.getOffset());
        told.getRoomsMap().forEach((room, now) -> {
            RoomProgress before = known.getRoomsOrDefault(room, RoomProgress.getDefaultInstance());
            known.putRooms(
                    room,
                    RoomProgress.newBuilder()
                            .setTargeted(Math.max(before.getTargeted(), now.getTargeted()))
                            .setSent(Math.max(before.getSent(), now.getSent()))
                            .setAcked(Math.max(before.getAcked(), now.getAcked()))
                            .setLeft(now.getLeft())
                            .build());
        });
    }

    private Optional<Kept> ofMessage(String product, String messageId) {
        return jobs.values().stream()
                .filter(kept -> !kept.isReceiving()
                        && !kept.job.hasKick()
                        && kept.job.getProduct().equals(product)
                        && kept.job.getMessageId().equals(messageId))
                .findFirst();
    }

    private Kept visible(String product, String jobId) {
        Kept kept = require(product, jobId);
        if (kept.isReceiving()) {
            throw notFound(jobId);
        }
        return kept;
    }

    private Kept require(String product, String jobId) {
        Kept kept = jobs.get(jobId);
        if (kept == null || !kept.job.getProduct().equals(product)) {
            throw notFound(jobId);
        }
        return kept;
    }

    private static LonglineException notFound(String id) {
        return new LonglineException(ErrorCode.JOB_NOT_FOUND, "there is no job " + id);
    }

    synchronized void acked(String jobId) {
        Kept kept = jobs.get(jobId);
        if (kept != null) {
            kept.acks++;
        }
    }

    /** Who does not report for so long is followed by another, whatever center asks for. */
    public void leaseAtMost(Duration time) {
        longestLease = time;
    }

    /** Parts of lists wait for it. */
    public void gateAppends(CountDownLatch gate) {
        appendGate = gate;
    }

    /** Parts that wait so. */
    public int waitingAppends() {
        return waitingAppends.get();
    }

    /** Of lists; null: none. */
    public void failAppends(@Nullable LonglineException down) {
        failure = down;
    }

    /** Nobody hears of what that center works on any more, as if it were dead. */
    public void silence(String node) {
        silent.add(node);
    }

    /** Nobody hears how far that job is, or everybody again. */
    public void unheard(String jobId, boolean is) {
        if (is) {
            unheard.add(jobId);
        } else {
            unheard.remove(jobId);
        }
    }

    /** It gives nobody several broadcasts together. */
    public synchronized void ofFormerRelease() {
        isOfFormerRelease = true;
    }

    /** Who took a job last. */
    public synchronized String node(String jobId) {
        return Objects.requireNonNull(jobs.get(jobId)).node;
    }

    /** Jobs, also those whose lists are not whole. */
    public synchronized int size() {
        return jobs.size();
    }

    /** Parts of lists that came. */
    public synchronized int appended() {
        return appended;
    }

    /** Whether somebody works on it. */
    public synchronized boolean isHeld(String jobId) {
        Kept kept = jobs.get(jobId);
        return kept != null && kept.heldUntilMs > System.currentTimeMillis();
    }

    public synchronized void losePart(String jobId, int part) {
        require("shop", jobId).parts.remove(part);
    }

    /** How often a job was taken. */
    public synchronized long runs(String jobId) {
        Kept kept = jobs.get(jobId);
        return kept == null ? 0 : kept.run;
    }
}
