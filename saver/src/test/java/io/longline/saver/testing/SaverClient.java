package io.longline.saver.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.AckReply;
import io.longline.rpc.v1.AckRequest;
import io.longline.rpc.v1.ClaimReply;
import io.longline.rpc.v1.ClaimRequest;
import io.longline.rpc.v1.ClaimedTarget;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.DeviceReadRequest;
import io.longline.rpc.v1.DeviceRow;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.LookReply;
import io.longline.rpc.v1.LookRequest;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.NoteReply;
import io.longline.rpc.v1.NoteRequest;
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
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.TimelineEntry;
import io.longline.rpc.v1.TimelineReply;
import io.longline.rpc.v1.TimelineRequest;
import io.longline.rpc.v1.UnsentReply;
import io.longline.rpc.v1.UnsentRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What the other services ask of savers, over gRPC. */
public final class SaverClient implements AutoCloseable {
    private static final long DAY_MS = 86_400_000;
    private static final Duration TIME = Duration.ofSeconds(30);
    /** Whose doing it is all. */
    public static final String ROOM = "room-1";

    private static final BatchMethod<StoreRequest, StoreReply> STORE =
            BatchMethod.of(InboxesGrpc.getStoreMethod(), StoreRequest.class, StoreReply.class);
    private static final BatchMethod<OpenRequest, OpenReply> OPEN =
            BatchMethod.of(InboxesGrpc.getOpenMethod(), OpenRequest.class, OpenReply.class);
    private static final BatchMethod<LoadRequest, LoadReply> LOAD =
            BatchMethod.of(InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class);
    private static final BatchMethod<AckRequest, AckReply> ACK =
            BatchMethod.of(InboxesGrpc.getAckMethod(), AckRequest.class, AckReply.class);
    private static final BatchMethod<SettleRequest, SettleReply> SETTLE =
            BatchMethod.of(InboxesGrpc.getSettleMethod(), SettleRequest.class, SettleReply.class);
    private static final BatchMethod<UnsentRequest, UnsentReply> UNSENT =
            BatchMethod.of(InboxesGrpc.getUnsentMethod(), UnsentRequest.class, UnsentReply.class);
    private static final BatchMethod<PendingRequest, PendingReply> PENDING =
            BatchMethod.of(InboxesGrpc.getPendingMethod(), PendingRequest.class, PendingReply.class);
    private static final BatchMethod<ForgetRequest, ForgetReply> FORGET =
            BatchMethod.of(InboxesGrpc.getForgetMethod(), ForgetRequest.class, ForgetReply.class);
    private static final BatchMethod<ClaimRequest, ClaimReply> CLAIM =
            BatchMethod.of(MessagesGrpc.getClaimMethod(), ClaimRequest.class, ClaimReply.class);
    private static final BatchMethod<RecordRequest, RecordReply> RECORD =
            BatchMethod.of(MessagesGrpc.getRecordMethod(), RecordRequest.class, RecordReply.class);
    private static final BatchMethod<LookRequest, LookReply> LOOK =
            BatchMethod.of(MessagesGrpc.getLookMethod(), LookRequest.class, LookReply.class);
    private static final BatchMethod<TimelineRequest, TimelineReply> TIMELINE =
            BatchMethod.of(MessagesGrpc.getTimelineMethod(), TimelineRequest.class, TimelineReply.class);
    private static final BatchMethod<NoteRequest, NoteReply> NOTE =
            BatchMethod.of(DeviceJournalGrpc.getNoteMethod(), NoteRequest.class, NoteReply.class);

    private final ZkDiscovery discovery;
    private final Peers savers;

    public SaverClient(ZkSession session) {
        discovery = new ZkDiscovery(session);
        savers = new Peers("saver", discovery, RpcConfig.defaults(), new SimpleMeterRegistry());
        savers.start();
    }

    Peers peers() {
        return savers;
    }

    public int savers() {
        return savers.all().size();
    }

    public static Endpoint endpoint(String product, String user, String device) {
        return Endpoint.newBuilder()
                .setProduct(product)
                .setUser(user)
                .setDevice(device)
                .build();
    }

    public static Endpoint device(Endpoint endpoint, String device) {
        return endpoint.toBuilder().setDevice(device).build();
    }

    /** A message that lives for a day. */
    public static StoreRequest message(Endpoint endpoint, String id) {
        return message(endpoint, id, System.currentTimeMillis() + DAY_MS);
    }

    public static StoreRequest message(Endpoint endpoint, String id, long expiresAtMs) {
        return StoreRequest.newBuilder()
                .setEndpoint(endpoint)
                .setMessage(io.longline.rpc.v1.Message.newBuilder()
                        .setMessageId(id)
                        .setText("body of " + id)
                        .setQos(1)
                        .setExpiresAtMs(expiresAtMs))
                .build();
    }

    public CompletableFuture<StoreReply> storeLater(StoreRequest request) {
        return savers.call(key(request.getEndpoint()), STORE, request, Deadline.after(TIME));
    }

    public StoreReply store(StoreRequest request) {
        return await(request.getEndpoint(), STORE, request);
    }

    public StoreReply store(Endpoint endpoint, String id) {
        return store(message(endpoint, id));
    }

    public OpenReply open(Endpoint endpoint, long ackSeq, int limit) {
        return open(endpoint, ackSeq, limit, 0);
    }

    /** For the session of that generation. */
    public OpenReply open(Endpoint endpoint, long ackSeq, int limit, long generation) {
        return await(
                endpoint,
                OPEN,
                OpenRequest.newBuilder()
                        .setEndpoint(endpoint)
                        .setAckSeq(ackSeq)
                        .setLimit(limit)
                        .setGeneration(generation)
                        .setNode(ROOM)
                        .build());
    }

    public LoadReply load(Endpoint endpoint, long after, int limit) {
        return await(
                endpoint,
                LOAD,
                LoadRequest.newBuilder()
                        .setEndpoint(endpoint)
                        .setAfter(after)
                        .setLimit(limit)
                        .build());
    }

    /** The whole inbox, page by page. */
    public List<StoredMessage> inbox(Endpoint endpoint) {
        List<StoredMessage> all = new ArrayList<>();
        LoadReply page;
        long after = 0;
        do {
            page = load(endpoint, after, 1000);
            all.addAll(page.getMessagesList());
            after = page.getUpto();
        } while (page.getMore());
        return all;
    }

    public List<String> ids(Endpoint endpoint) {
        return inbox(endpoint).stream()
                .map(one -> one.getMessage().getMessageId())
                .toList();
    }

    public long ack(Endpoint endpoint, long seq) {
        return await(
                        endpoint,
                        ACK,
                        AckRequest.newBuilder()
                                .setEndpoint(endpoint)
                                .setSeq(seq)
                                .setNode(ROOM)
                                .build())
                .getAcked();
    }

    public State settle(Endpoint endpoint, long seq, String id, State state, String reason) {
        return await(
                        endpoint,
                        SETTLE,
                        SettleRequest.newBuilder()
                                .setEndpoint(endpoint)
                                .setSeq(seq)
                                .setMessageId(id)
                                .setState(state)
                                .setReason(reason)
                                .setNode(ROOM)
                                .build())
                .getState();
    }

    /** Recalls whatever is there, and what comes later. */
    public SettleReply refuse(Endpoint endpoint, String id) {
        return await(
                endpoint,
                SETTLE,
                SettleRequest.newBuilder()
                        .setEndpoint(endpoint)
                        .setMessageId(id)
                        .setState(State.RECALLED)
                        .setRefuse(true)
                        .build());
    }

    public UnsentReply unsent(int shard, int olderThanMs) {
        UnsentRequest request = UnsentRequest.newBuilder()
                .setShard(shard)
                .setOlderThanMs(olderThanMs)
                .setLimit(100)
                .build();
        return savers.await(shard, UNSENT, request, Deadline.after(TIME));
    }

    public long pending(Endpoint endpoint) {
        return await(
                        endpoint,
                        PENDING,
                        PendingRequest.newBuilder().setEndpoint(endpoint).build())
                .getPending();
    }

    public long forget(Endpoint endpoint) {
        return forget(endpoint, 0);
    }

    public long forget(Endpoint endpoint, long uptoSeq) {
        ForgetRequest request = ForgetRequest.newBuilder()
                .setEndpoint(endpoint)
                .setUptoSeq(uptoSeq)
                .build();
        return await(endpoint, FORGET, request).getDropped();
    }

    public CompletableFuture<ClaimReply> claimLater(String product, String id, String body) {
        ClaimRequest request = ClaimRequest.newBuilder()
                .setProduct(product)
                .setMessageId(id)
                .setBodyHash(ByteString.copyFromUtf8(body))
                .build();
        return savers.call(Shards.key(product, id), CLAIM, request, Deadline.after(TIME));
    }

    public ClaimReply claim(String product, String id, String body) {
        try {
            return claimLater(product, id, body).join();
        } catch (CompletionException e) {
            throw ErrorTranslator.fromAny(e);
        }
    }

    public ClaimReply claimFor(String product, String id, String body, List<ClaimedTarget> targets) {
        ClaimRequest request = ClaimRequest.newBuilder()
                .setProduct(product)
                .setMessageId(id)
                .setBodyHash(ByteString.copyFromUtf8(body))
                .addAllTargets(targets)
                .build();
        return savers.await(Shards.key(product, id), CLAIM, request, Deadline.after(TIME));
    }

    /** What a recall found of a claim: a copy, and where there is none and never will be. */
    public void recordRecall(String product, String id, ClaimedTarget told, Copy copy, ClaimedTarget never) {
        RecordRequest request = RecordRequest.newBuilder()
                .setProduct(product)
                .setMessageId(id)
                .setKnownOnly(true)
                .addTold(told)
                .addCopies(copy)
                .addNever(never)
                .build();
        savers.await(Shards.key(product, id), RECORD, request, Deadline.after(TIME));
    }

    public void record(String product, String id, Copy... copies) {
        RecordRequest request = RecordRequest.newBuilder()
                .setProduct(product)
                .setMessageId(id)
                .setNode("center-1")
                .addAllCopies(List.of(copies))
                .build();
        savers.await(Shards.key(product, id), RECORD, request, Deadline.after(TIME));
    }

    public static Copy copy(Endpoint endpoint, long seq) {
        return Copy.newBuilder()
                .setUser(endpoint.getUser())
                .setDevice(endpoint.getDevice())
                .setSeq(seq)
                .build();
    }

    public List<Copy> look(String product, String id) {
        return looked(product, id).getCopiesList();
    }

    public LookReply looked(String product, String id) {
        LookRequest request =
                LookRequest.newBuilder().setProduct(product).setMessageId(id).build();
        return savers.await(Shards.key(product, id), LOOK, request, Deadline.after(TIME));
    }

    public List<TimelineEntry> timeline(String product, String id) {
        TimelineRequest request = TimelineRequest.newBuilder()
                .setProduct(product)
                .setMessageId(id)
                .build();
        return savers.await(Shards.key(product, id), TIMELINE, request, Deadline.after(TIME))
                .getEntriesList();
    }

    public void note(Endpoint endpoint, long generation, boolean forgotten) {
        await(
                endpoint,
                NOTE,
                NoteRequest.newBuilder()
                        .setEndpoint(endpoint)
                        .setGeneration(generation)
                        .setForgotten(forgotten)
                        .build());
    }

    public List<DeviceRow> devices(int shard) {
        return devices(shard, false);
    }

    public List<DeviceRow> devices(int shard, boolean forgottenToo) {
        List<DeviceRow> rows = new ArrayList<>();
        DeviceReadRequest request = DeviceReadRequest.newBuilder()
                .setShard(shard)
                .setForgottenToo(forgottenToo)
                .build();
        savers.byKey(shard).stream(DeviceJournalGrpc.getReadMethod(), request, Deadline.after(TIME), rows::add);
        return rows;
    }

    private <Q extends Message, A extends Message> A await(Endpoint endpoint, BatchMethod<Q, A> method, Q request) {
        return savers.await(key(endpoint), method, request, Deadline.after(TIME));
    }

    /** The shard, as center and room choose their saver. */
    private static long key(Endpoint endpoint) {
        return Shards.key(endpoint.getProduct(), endpoint.getUser());
    }

    @Override
    public void close() {
        savers.close();
        discovery.close();
    }
}
