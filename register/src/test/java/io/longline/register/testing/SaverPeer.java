package io.longline.register.testing;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.AckReply;
import io.longline.rpc.v1.AckRequest;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.DeviceReadRequest;
import io.longline.rpc.v1.DeviceRow;
import io.longline.rpc.v1.FollowReadRequest;
import io.longline.rpc.v1.FollowRow;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.NoteFollowReply;
import io.longline.rpc.v1.NoteFollowRequest;
import io.longline.rpc.v1.NoteReply;
import io.longline.rpc.v1.NoteRequest;
import io.longline.rpc.v1.OpenReply;
import io.longline.rpc.v1.OpenRequest;
import io.longline.rpc.v1.PendingReply;
import io.longline.rpc.v1.PendingRequest;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import io.longline.rpc.v1.TellReply;
import io.longline.rpc.v1.TellRequest;
import io.longline.rpc.v1.UnsentReply;
import io.longline.rpc.v1.UnsentRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A saver's device journal over real gRPC, kept in memory; its database can be taken away. Each of its inboxes holds one message. */
public final class SaverPeer implements AutoCloseable {
    private static final BatchMethod<NoteRequest, NoteReply> NOTE =
            BatchMethod.of(DeviceJournalGrpc.getNoteMethod(), NoteRequest.class, NoteReply.class);

    private static final BatchMethod<NoteFollowRequest, NoteFollowReply> NOTE_FOLLOW =
            BatchMethod.of(DeviceJournalGrpc.getNoteFollowMethod(), NoteFollowRequest.class, NoteFollowReply.class);

    private final Map<Endpoint, NoteRequest> notes = new ConcurrentHashMap<>();
    private final Map<Followed, NoteFollowRequest> follows = new ConcurrentHashMap<>();
    private final List<ForgetRequest> dropped = new CopyOnWriteArrayList<>();
    private final RpcServer server;
    private final Announcement announcement;
    private volatile boolean databaseDown;
    private volatile boolean losesAnswers;
    private volatile Consumer<NoteRequest> onNote = note -> {};
    private volatile Consumer<NoteFollowRequest> onFollow = note -> {};

    /** By whom; device "": by the user. */
    private record Followed(Endpoint endpoint, String topic) {}

    public SaverPeer(ZkDiscovery discovery) {
        RpcService journal = RpcService.of(DeviceJournalGrpc.getServiceDescriptor())
                .batched(
                        NOTE,
                        (requests, deadline) ->
                                requests.stream().map(this::note).toList())
                .batched(
                        NOTE_FOLLOW,
                        (requests, deadline) ->
                                requests.stream().map(this::noteFollow).toList())
                .streaming(DeviceJournalGrpc.getReadMethod(), this::read)
                .streaming(DeviceJournalGrpc.getReadFollowsMethod(), this::readFollows);
        server = new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), List.of(journal, inboxes()));
        server.start();
        announcement = discovery.announce(Nodes.node("saver", "saver-1", 1, server.port()));
    }

    private RpcService inboxes() {
        RpcService inboxes = RpcService.of(InboxesGrpc.getServiceDescriptor())
                .batched(
                        BatchMethod.of(InboxesGrpc.getForgetMethod(), ForgetRequest.class, ForgetReply.class),
                        (requests, deadline) ->
                                requests.stream().map(this::drop).toList());
        unused(inboxes, InboxesGrpc.getStoreMethod(), StoreRequest.class, StoreReply.class);
        unused(inboxes, InboxesGrpc.getOpenMethod(), OpenRequest.class, OpenReply.class);
        unused(inboxes, InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class);
        unused(inboxes, InboxesGrpc.getAckMethod(), AckRequest.class, AckReply.class);
        unused(inboxes, InboxesGrpc.getSettleMethod(), SettleRequest.class, SettleReply.class);
        unused(inboxes, InboxesGrpc.getUnsentMethod(), UnsentRequest.class, UnsentReply.class);
        unused(inboxes, InboxesGrpc.getPendingMethod(), PendingRequest.class, PendingReply.class);
        unused(inboxes, InboxesGrpc.getTellMethod(), TellRequest.class, TellReply.class);
        return inboxes;
    }

    private static <Q extends Message, A extends Message> void unused(
            RpcService service,
            MethodDescriptor<? extends Message, ? extends Message> method,
            Class<Q> request,
            Class<A> reply) {
        service.batched(BatchMethod.of(method, request, reply), (requests, deadline) -> {
            throw new UnsupportedOperationException("register has no business with " + method.getFullMethodName());
        });
    }

    private ForgetReply drop(ForgetRequest request) {
        dropped.add(request);
        return ForgetReply.newBuilder().setDropped(1).build();
    }

    /** Inboxes that were dropped, in this order. */
    public List<ForgetRequest> dropped() {
        return dropped;
    }

    public void databaseDown(boolean down) {
        databaseDown = down;
    }

    /** What is followed is taken, and whoever told it hears of an error. */
    public void losesAnswers(boolean loses) {
        losesAnswers = loses;
    }

    /** Called with each note before it is taken. */
    public void onNote(Consumer<NoteRequest> listener) {
        onNote = listener;
    }

    /** Called with each note of a followed topic before it is taken. */
    public void onFollow(Consumer<NoteFollowRequest> listener) {
        onFollow = listener;
    }

    /** Whether the journal has it that this endpoint, or with device "" the user, follows a topic. */
    public boolean knowsFollow(Endpoint endpoint, String topic) {
        NoteFollowRequest note = follows.get(new Followed(endpoint, topic));
        return note != null && note.getFollows();
    }

    /** Whether the journal has it that this device does not follow a topic though its user does. */
    public boolean knowsAgainstUser(Endpoint endpoint, String topic) {
        NoteFollowRequest note = follows.get(new Followed(endpoint, topic));
        return note != null && note.getAgainstUser();
    }

    /** The note that counts for this device, if there is one. */
    public boolean knows(Endpoint endpoint) {
        NoteRequest note = notes.get(endpoint);
        return note != null && !note.getForgotten();
    }

    @Override
    public void close() {
        announcement.close();
        server.close();
    }

    private NoteReply note(NoteRequest request) {
        onNote.accept(request);
        if (databaseDown) {
            return NoteReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(down()))
                    .build();
        }
        notes.merge(
                Wire.endpoint(request.getEndpoint()),
                request,
                (before, now) -> now.getGeneration() >= before.getGeneration() ? now : before);
        return NoteReply.getDefaultInstance();
    }

    private NoteFollowReply noteFollow(NoteFollowRequest request) {
        onFollow.accept(request);
        if (databaseDown) {
            return NoteFollowReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(down()))
                    .build();
        }
        follows.merge(
                new Followed(Wire.endpointOrUser(request.getEndpoint()), request.getTopic()),
                request,
                (before, now) -> now.getVersion() >= before.getVersion() ? now : before);
        return losesAnswers
                ? NoteFollowReply.newBuilder()
                        .setError(ErrorTranslator.toStatus(down()))
                        .build()
                : NoteFollowReply.getDefaultInstance();
    }

    private void readFollows(FollowReadRequest request, Consumer<FollowRow> each) {
        if (databaseDown) {
            throw down();
        }
        follows.forEach((followed, note) -> {
            Endpoint endpoint = followed.endpoint();
            if (Shards.of(endpoint.product(), endpoint.user()) == request.getShard()) {
                each.accept(FollowRow.newBuilder()
                        .setEndpoint(note.getEndpoint())
                        .setTopic(note.getTopic())
                        .setFollows(note.getFollows())
                        .setFrom(note.getFrom())
                        .setVersion(note.getVersion())
                        .setAgainstUser(note.getAgainstUser())
                        .build());
            }
        });
    }

    private void read(DeviceReadRequest request, Consumer<DeviceRow> each) {
        if (databaseDown) {
            throw down();
        }
        notes.forEach((endpoint, note) -> {
            boolean asked = request.getForgottenToo() || !note.getForgotten();
            if (asked && Shards.of(endpoint.product(), endpoint.user()) == request.getShard()) {
                each.accept(DeviceRow.newBuilder()
                        .setEndpoint(note.getEndpoint())
                        .setGeneration(note.getGeneration())
                        .setSeenMs(note.getGeneration() / 1024)
                        .setForgotten(note.getForgotten())
                        .build());
            }
        });
    }

    private static LonglineException down() {
        return LonglineException.dependencyDown("mysql", "the test took it away", null);
    }
}
