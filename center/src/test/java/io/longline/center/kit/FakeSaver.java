package io.longline.center.kit;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.AckReply;
import io.longline.rpc.v1.AckRequest;
import io.longline.rpc.v1.ClaimReply;
import io.longline.rpc.v1.ClaimRequest;
import io.longline.rpc.v1.ClaimedTarget;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.LookReply;
import io.longline.rpc.v1.LookRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.OpenReply;
import io.longline.rpc.v1.OpenRequest;
import io.longline.rpc.v1.PendingReply;
import io.longline.rpc.v1.PendingRequest;
import io.longline.rpc.v1.RecordReply;
import io.longline.rpc.v1.RecordRequest;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.State;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import io.longline.rpc.v1.StoreTimeGrpc;
import io.longline.rpc.v1.TellReply;
import io.longline.rpc.v1.TellRequest;
import io.longline.rpc.v1.TimeReply;
import io.longline.rpc.v1.TimeRequest;
import io.longline.rpc.v1.TimelineReply;
import io.longline.rpc.v1.TimelineRequest;
import io.longline.rpc.v1.UnsentEndpoint;
import io.longline.rpc.v1.UnsentReply;
import io.longline.rpc.v1.UnsentRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** saver, in maps. What center needs of it, as the contract between them says; one lock around everything. */
public final class FakeSaver {
    private final Map<Endpoint, NavigableMap<Long, Message>> inboxes = new HashMap<>();
    private final Map<String, Copy.Builder> copies = new HashMap<>();
    private final Map<String, Claimed> claims = new HashMap<>();
    private final Map<String, List<Copy>> records = new HashMap<>();
    private final Map<String, List<Copy>> partial = new HashMap<>();
    /** Whom an id is claimed for, and no record told of: by message, and by user and device. */
    private final Map<String, Map<String, ClaimedTarget>> claimed = new HashMap<>();

    /** Targets that never get a message, likewise. */
    private final Map<String, Map<String, ClaimedTarget>> never = new HashMap<>();

    /** Recalled before they came. */
    private final Set<String> refused = new HashSet<>();

    private final Set<String> recalled = new HashSet<>();
    /** Of messages to topics. */
    private final Map<String, RecordRequest> ofTopics = new HashMap<>();

    private final FakeTimeline timeline = new FakeTimeline();
    private boolean losesRecords;
    private final Map<Endpoint, Long> unsent = new HashMap<>();
    private final Map<String, String> heirs = new HashMap<>();
    private final Set<String> full = new HashSet<>();
    private long lastSeq = System.currentTimeMillis() * 1024;
    private volatile @Nullable LonglineException storeFailure;
    private final AtomicInteger unheardStores = new AtomicInteger();
    private final AtomicInteger waitingStores = new AtomicInteger();
    private volatile @Nullable LonglineException recordFailure;
    private volatile @Nullable LonglineException claimFailure;
    private volatile @Nullable CountDownLatch storeGate;
    private volatile @Nullable CountDownLatch storeAnswerGate;
    private volatile @Nullable CountDownLatch settleGate;
    private volatile @Nullable CountDownLatch lookGate;
    private volatile long emptiedUpTo;
    private volatile @Nullable CountDownLatch recordGate;
    private volatile @Nullable String downDevice;

    private final FakeSchedule schedule = new FakeSchedule(this);
    private final FakeJobs jobs = new FakeJobs();
    private final FakeTopics topics = new FakeTopics();
    /** Of copies. */
    private final Map<String, String> jobIds = new HashMap<>();

    private record Claimed(ByteString hash, long atMs) {}

    private final ConcurrentLinkedQueue<TellRequest> told = new ConcurrentLinkedQueue<>();

    private TellReply tell(TellRequest request) {
        told.add(request);
        return TellReply.getDefaultInstance();
    }

    /** Of which messages that came into no inbox it was told, as "product/user/device id STATE reason". */
    public List<String> told() {
        return told.stream()
                .map(one -> String.join(
                        " ",
                        one.getEndpoint().getProduct() + "/" + one.getEndpoint().getUser() + "/"
                                + one.getEndpoint().getDevice(),
                        one.getMessageId(),
                        one.getState().name(),
                        one.getReason()))
                .toList();
    }

    List<RpcService> services() {
        RpcService inboxService = RpcService.of(InboxesGrpc.getServiceDescriptor());
        Methods.each(
                inboxService,
                InboxesGrpc.getStoreMethod(),
                StoreRequest.class,
                StoreReply.class,
                this::store,
                e -> StoreReply.newBuilder().setError(e).build());
        Methods.each(
                inboxService,
                InboxesGrpc.getSettleMethod(),
                SettleRequest.class,
                SettleReply.class,
                this::settle,
                e -> SettleReply.newBuilder().setError(e).build());
        Methods.each(
                inboxService,
                InboxesGrpc.getUnsentMethod(),
                UnsentRequest.class,
                UnsentReply.class,
                this::unsent,
                e -> UnsentReply.newBuilder().setError(e).build());
        Methods.each(
                inboxService,
                InboxesGrpc.getPendingMethod(),
                PendingRequest.class,
                PendingReply.class,
                this::pending,
                e -> PendingReply.newBuilder().setError(e).build());
        Methods.unused(inboxService, InboxesGrpc.getOpenMethod(), OpenRequest.class, OpenReply.class);
        Methods.unused(inboxService, InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class);
        Methods.unused(inboxService, InboxesGrpc.getAckMethod(), AckRequest.class, AckReply.class);
        Methods.each(
                inboxService,
                InboxesGrpc.getForgetMethod(),
                ForgetRequest.class,
                ForgetReply.class,
                this::forget,
                e -> ForgetReply.newBuilder().setError(e).build());
        Methods.each(
                inboxService,
                InboxesGrpc.getTellMethod(),
                TellRequest.class,
                TellReply.class,
                this::tell,
                e -> TellReply.newBuilder().setError(e).build());
        RpcService messageService = RpcService.of(MessagesGrpc.getServiceDescriptor());
        Methods.each(
                messageService,
                MessagesGrpc.getClaimMethod(),
                ClaimRequest.class,
                ClaimReply.class,
                this::claim,
                e -> ClaimReply.newBuilder().setError(e).build());
        Methods.each(
                messageService,
                MessagesGrpc.getRecordMethod(),
                RecordRequest.class,
                RecordReply.class,
                this::record,
                e -> RecordReply.newBuilder().setError(e).build());
        Methods.each(
                messageService,
                MessagesGrpc.getLookMethod(),
                LookRequest.class,
                LookReply.class,
                this::look,
                e -> LookReply.newBuilder().setError(e).build());
        Methods.each(
                messageService,
                MessagesGrpc.getTimelineMethod(),
                TimelineRequest.class,
                TimelineReply.class,
                this::timeline,
                e -> TimelineReply.newBuilder().setError(e).build());
        RpcService timeService = RpcService.of(StoreTimeGrpc.getServiceDescriptor());
        Methods.each(
                timeService,
                StoreTimeGrpc.getReadMethod(),
                TimeRequest.class,
                TimeReply.class,
                this::time,
                e -> TimeReply.newBuilder().setError(e).build());
        return List.of(inboxService, messageService, timeService, schedule.service(), jobs.service(), topics.service());
    }

    /** False where another body has it. */
    boolean claim(String key, ByteString hash) {
        Claimed known = claims.putIfAbsent(key, new Claimed(hash, System.currentTimeMillis()));
        return known == null || known.hash().equals(hash);
    }

    /** Whoever claims or records it from now on learns that it is recalled. */
    void recall(String key) {
        if (claims.containsKey(key) || records.containsKey(key)) {
            recalled.add(key);
        }
    }

    List<Copy> recorded(String key) {
        return records.getOrDefault(key, List.of());
    }

    /** What is to be sent later. */
    public FakeSchedule schedule() {
        return schedule;
    }

    public FakeJobs jobs() {
        return jobs;
    }

    /** Their logs. */
    public FakeTopics topics() {
        return topics;
    }

    private synchronized TimelineReply timeline(TimelineRequest request) {
        return timeline.tell(request);
    }

    private TimeReply time(TimeRequest request) {
        return TimeReply.newBuilder().setTimeMs(System.currentTimeMillis()).build();
    }

    private StoreReply store(StoreRequest request) {
        CountDownLatch gate = storeGate;
        if (gate != null) {
            waitingStores.incrementAndGet();
            await(gate);
            waitingStores.decrementAndGet();
        }
        LonglineException failure = storeFailure;
        if (failure != null) {
            throw failure;
        }
        StoreReply reply = storeNow(request);
        if (unheardStores.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw LonglineException.dependencyDown("saver", "the connection broke", null);
        }
        CountDownLatch answers = storeAnswerGate;
        if (answers != null) {
            await(answers);
        }
        return reply;
    }

    private synchronized StoreReply storeNow(StoreRequest request) {
        Endpoint to = heirOf(request.getEndpoint());
        if (to.getDevice().equals(downDevice)) {
            throw LonglineException.dependencyDown("redis", "the shard of " + downDevice + " is away", null);
        }
        if (full.contains(to.getDevice())) {
            throw new LonglineException(ErrorCode.INBOX_FULL, "the inbox of " + to.getDevice() + " is full");
        }
        String copyKey = key(to, request.getMessage().getMessageId());
        Copy.Builder known = copies.get(copyKey);
        if (known != null) {
            return reply(to, known).setRepeated(true).build();
        }
        if (refused.contains(copyKey)) {
            Copy.Builder ended = Copy.newBuilder().setSeq(++lastSeq).setState(State.RECALLED);
            copies.put(copyKey, ended.setUser(to.getUser()).setDevice(to.getDevice()));
            return reply(to, ended).setRepeated(true).build();
        }
        long seq = ++lastSeq;
        NavigableMap<Long, Message> inbox = inboxes.computeIfAbsent(to, endpoint -> new TreeMap<>());
        Copy.Builder copy = Copy.newBuilder()
                .setUser(to.getUser())
                .setDevice(to.getDevice())
                .setSeq(seq)
                .setState(State.STORED);
        StoreReply.Builder reply = reply(to, copy).setBefore(inbox.isEmpty() ? 0 : inbox.lastKey());
        inbox.put(seq, request.getMessage());
        copies.put(key(to, request.getMessage().getMessageId()), copy);
        jobIds.put(key(to, request.getMessage().getMessageId()), request.getJobId());
        unsent.put(to, seq);
        timeline.stored(to, request.getMessage().getMessageId());
        return reply.build();
    }

    private static StoreReply.Builder reply(Endpoint to, Copy.Builder copy) {
        return StoreReply.newBuilder()
                .setDevice(to.getDevice())
                .setSeq(copy.getSeq())
                .setState(copy.getState())
                .setReason(copy.getReason());
    }

    private Endpoint heirOf(Endpoint to) {
        String heir = heirs.get(to.getProduct() + "/" + to.getUser());
        return to.getDevice().equals("default") && heir != null
                ? to.toBuilder().setDevice(heir).build()
                : to;
    }

    private SettleReply settle(SettleRequest request) {
        CountDownLatch gate = settleGate;
        if (gate != null) {
            await(gate);
        }
        return settleNow(request);
    }

    private synchronized SettleReply settleNow(SettleRequest request) {
        if (request.getState().compareTo(State.WRITTEN) <= 0) {
            unsent.computeIfPresent(request.getEndpoint(), (endpoint, seq) -> seq <= request.getSeq() ? null : seq);
        }
        timeline.settled(request);
        Endpoint told = request.getEndpoint();
        Endpoint at = copies.containsKey(key(told, request.getMessageId())) ? told : heirOf(told);
        Copy.Builder copy = copies.get(key(at, request.getMessageId()));
        if (copy == null) {
            if (request.getRefuse()) {
                refused.add(key(at, request.getMessageId()));
            }
            return SettleReply.newBuilder()
                    .setState(request.getState())
                    .setDevice(at.getDevice())
                    .build();
        }
        boolean tooLate = request.getState() == State.RECALLED && copy.getState() == State.WRITTEN;
        if (copy.getState().compareTo(State.ACKED) < 0
                && request.getState().compareTo(copy.getState()) > 0
                && !tooLate) {
            copy.setState(request.getState()).setReason(request.getReason());
        }
        if (copy.getState().compareTo(State.WRITTEN) > 0) {
            inbox(at).remove(copy.getSeq());
        }
        return SettleReply.newBuilder()
                .setState(copy.getState())
                .setDevice(at.getDevice())
                .setSeq(copy.getSeq())
                .build();
    }

    private synchronized UnsentReply unsent(UnsentRequest request) {
        UnsentReply.Builder reply = UnsentReply.newBuilder();
        long youngest = (System.currentTimeMillis() - request.getOlderThanMs()) * 1024;
        unsent.entrySet().stream()
                .filter(one -> Shards.of(one.getKey().getProduct(), one.getKey().getUser()) == request.getShard())
                .filter(one -> one.getValue() <= youngest && one.getValue() >= request.getFromSeq())
                .sorted(Map.Entry.comparingByValue())
                .limit(request.getLimit())
                .forEach(one -> reply.addEndpoints(
                        UnsentEndpoint.newBuilder().setEndpoint(one.getKey()).setSeq(one.getValue())));
        return reply.build();
    }

    private synchronized PendingReply pending(PendingRequest request) {
        return PendingReply.newBuilder()
                .setPending(inbox(request.getEndpoint()).size())
                .build();
    }

    private synchronized ForgetReply forget(ForgetRequest request) {
        emptiedUpTo = request.getUptoSeq();
        long upto = request.getUptoSeq() == 0 ? Long.MAX_VALUE : request.getUptoSeq();
        NavigableMap<Long, Message> dropped = inbox(request.getEndpoint()).headMap(upto, true);
        int count = dropped.size();
        dropped.clear();
        return ForgetReply.newBuilder().setDropped(count).build();
    }

    private synchronized ClaimReply claim(ClaimRequest request) {
        LonglineException failure = claimFailure;
        if (failure != null) {
            throw failure;
        }
        String key = request.getProduct() + "/" + request.getMessageId();
        Claimed known = claims.get(key);
        if (known == null && request.getKnownOnly()) {
            return ClaimReply.getDefaultInstance();
        }
        if (known == null) {
            Claimed first = new Claimed(request.getBodyHash(), System.currentTimeMillis());
            claims.put(key, first);
            return ClaimReply.newBuilder()
                    .setIsNew(true)
                    .setClaimedAtMs(first.atMs())
                    .addAllChosen(chosen(key, request))
                    .build();
        }
        if (!known.hash().equals(request.getBodyHash())) {
            throw new LonglineException(
                    ErrorCode.IDEMPOTENCY_CONFLICT, "message_id " + request.getMessageId() + " has another body");
        }
        return ClaimReply.newBuilder()
                .setRecorded(records.containsKey(key) || schedule.knows(key))
                .setRecalled(recalled.contains(key))
                .setClaimedAtMs(known.atMs())
                .addAllChosen(chosen(key, request))
                .build();
    }

    /** Of a message that is recorded only the choice for a target that this does not tell of. */
    private List<ClaimedTarget> chosen(String key, ClaimRequest request) {
        Map<String, ClaimedTarget> targets = claimed.computeIfAbsent(key, _ -> new LinkedHashMap<>());
        List<ClaimedTarget> chosen = new ArrayList<>();
        for (ClaimedTarget target : request.getTargetsList()) {
            String name = name(target);
            if (!records.containsKey(key)) {
                targets.putIfAbsent(name, target);
            }
            if (targets.containsKey(name) && targets.get(name).getChosen().isEmpty()) {
                targets.put(name, target);
            }
            chosen.add(targets.getOrDefault(name, target));
        }
        return chosen.stream().filter(one -> !one.getChosen().isEmpty()).toList();
    }

    private static String name(ClaimedTarget target) {
        return target.getUser() + "/" + target.getDevice();
    }

    private RecordReply record(RecordRequest request) {
        CountDownLatch gate = recordGate;
        if (gate != null && !request.getKnownOnly()) {
            await(gate);
        }
        return recordNow(request);
    }

    private synchronized RecordReply recordNow(RecordRequest request) {
        LonglineException failure = recordFailure;
        if (failure != null) {
            throw failure;
        }
        String key = request.getProduct() + "/" + request.getMessageId();
        timeline.accepted(request);
        if (!request.getTopic().isEmpty()) {
            ofTopics.put(key, request);
        }
        Map<String, ClaimedTarget> left = claimed.computeIfAbsent(key, _ -> new LinkedHashMap<>());
        Map<String, ClaimedTarget> ended = never.computeIfAbsent(key, _ -> new LinkedHashMap<>());
        for (ClaimedTarget target : request.getToldList()) {
            left.remove(name(target));
            ended.remove(name(target));
        }
        for (ClaimedTarget target : request.getNeverList()) {
            if (left.remove(name(target)) != null) {
                ended.put(name(target), target);
            }
        }
        partial.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(request.getPartialList());
        if (request.getCopiesCount() > 0 || request.getPartialCount() == 0) {
            records.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(request.getCopiesList());
        }
        return RecordReply.newBuilder().setRecalled(recalled.contains(key)).build();
    }

    private LookReply look(LookRequest request) {
        CountDownLatch gate = lookGate;
        if (gate != null) {
            await(gate);
        }
        return lookNow(request);
    }

    private synchronized LookReply lookNow(LookRequest request) {
        if (losesRecords) {
            losesRecords = false;
            records.clear();
            claims.clear();
            claimed.clear();
        }
        String key = request.getProduct() + "/" + request.getMessageId();
        List<Copy> recorded = recorded(key);
        if (!records.containsKey(key) && !schedule.knows(key) && !recalled.contains(key)) {
            throw new LonglineException(ErrorCode.MESSAGE_NOT_FOUND, "there is no message " + request.getMessageId());
        }
        return LookReply.newBuilder()
                .addAllCopies(schedule.withoutCopy(key))
                .addAllCopies(recorded.stream()
                        .map(copy -> now(request, copy))
                        .distinct()
                        .toList())
                .addAllPartial(partial.getOrDefault(key, List.of()).stream()
                        .map(copy -> now(request, copy))
                        .toList())
                .addAllCopies(never.getOrDefault(key, Map.of()).values().stream()
                        .map(target -> Copy.newBuilder()
                                .setUser(target.getUser())
                                .setDevice(target.getDevice())
                                .setState(State.RECALLED)
                                .build())
                        .toList())
                .addAllClaimed(claimed.getOrDefault(key, Map.of()).values())
                .setRecalled(recalled.contains(key))
                .setTopic(ofTopics.getOrDefault(key, RecordRequest.getDefaultInstance())
                        .getTopic())
                .setTopicOffset(ofTopics.getOrDefault(key, RecordRequest.getDefaultInstance())
                        .getTopicOffset())
                .build();
    }

    private Copy now(LookRequest request, Copy copy) {
        Endpoint endpoint = Endpoint.newBuilder()
                .setProduct(request.getProduct())
                .setUser(copy.getUser())
                .setDevice(copy.getDevice())
                .build();
        Copy.Builder now = copies.get(key(endpoint, request.getMessageId()));
        return now == null ? copy : now.build();
    }

    private NavigableMap<Long, Message> inbox(Endpoint endpoint) {
        return inboxes.getOrDefault(endpoint, new TreeMap<>());
    }

    private static String key(Endpoint endpoint, String messageId) {
        return endpoint.getProduct() + "/" + endpoint.getUser() + "/" + endpoint.getDevice() + "/" + messageId;
    }

    static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As a client's ack does. */
    public synchronized void ack(Endpoint endpoint, long seq) {
        for (Map.Entry<Long, Message> acked :
                new ArrayList<>(inbox(endpoint).headMap(seq, true).entrySet())) {
            String key = key(endpoint, acked.getValue().getMessageId());
            copies.computeIfPresent(key, (id, copy) -> copy.setState(State.ACKED));
            jobs.acked(jobIds.getOrDefault(key, ""));
            inbox(endpoint).remove(acked.getKey());
        }
        unsent.computeIfPresent(endpoint, (key, newest) -> newest <= seq ? null : newest);
    }

    /** From now on what goes to {@code default} goes to that device. */
    public synchronized void heir(String product, String user, String device) {
        heirs.put(product + "/" + user, device);
    }

    public synchronized void fill(String device) {
        full.add(device);
    }

    /** There is room again. */
    public synchronized void empty(String device) {
        full.remove(device);
    }

    /** Null: none. */
    public void failStores(@Nullable LonglineException failure) {
        storeFailure = failure;
    }

    /** The next so many are stored, and their callers take the connection for broken. */
    public void storeUnheard(int stores) {
        unheardStores.set(stores);
    }

    /** Null: none. */
    public void failRecords(@Nullable LonglineException failure) {
        recordFailure = failure;
    }

    public synchronized boolean hasRecord(String product, String messageId) {
        return records.containsKey(product + "/" + messageId);
    }

    public synchronized void loseRecordsBeforeNextLook() {
        losesRecords = true;
    }

    /** Stores wait for it. */
    public void gateStores(CountDownLatch gate) {
        storeGate = gate;
    }

    public int storesWait() {
        return waitingStores.get();
    }

    /** As a session that reads it does. */
    public synchronized void written(Endpoint endpoint, String messageId) {
        copies.computeIfPresent(key(endpoint, messageId), (id, copy) -> copy.setState(State.WRITTEN));
    }

    /** What was stored is told when it opens. */
    public void gateStoreAnswers(CountDownLatch gate) {
        storeAnswerGate = gate;
    }

    /** Null: none. */
    public void failClaims(@Nullable LonglineException failure) {
        claimFailure = failure;
    }

    /** Settles wait for it. */
    public void gateSettles(CountDownLatch gate) {
        settleGate = gate;
    }

    /** What the last one to empty an inbox asked for; 0: all of it. */
    public long emptiedUpTo() {
        return emptiedUpTo;
    }

    /** Records wait for it, but for those of a recall. */
    public void gateRecords(CountDownLatch gate) {
        recordGate = gate;
    }

    /** Nothing can be stored at devices of that name; null: at all. */
    public void down(@Nullable String device) {
        downDevice = device;
    }

    /** Looks wait for it. */
    public void gateLooks(CountDownLatch gate) {
        lookGate = gate;
    }

    public synchronized List<Message> inboxOf(Endpoint endpoint) {
        return List.copyOf(inbox(endpoint).values());
    }

    public synchronized int messagesNamed(String messageId) {
        return (int) inboxes.values().stream()
                .flatMap(inbox -> inbox.values().stream())
                .filter(message -> message.getMessageId().equals(messageId))
                .count();
    }

    /** How many targets it is claimed for of which no record told. */
    public synchronized int claimedFor(String product, String messageId) {
        return claimed.getOrDefault(product + "/" + messageId, Map.of()).size();
    }

    public synchronized boolean isUnsent(Endpoint endpoint) {
        return unsent.containsKey(endpoint);
    }

    public synchronized Optional<State> state(Endpoint endpoint, String messageId) {
        return Optional.ofNullable(copies.get(key(endpoint, messageId))).map(Copy.Builder::getState);
    }
}
