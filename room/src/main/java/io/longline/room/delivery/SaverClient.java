package io.longline.room.delivery;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.room.session.Drop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Page;
import io.longline.room.session.Session;
import io.longline.room.session.StoredMessage;
import io.longline.rpc.v1.AckReply;
import io.longline.rpc.v1.AckRequest;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.OpenReply;
import io.longline.rpc.v1.OpenRequest;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@link Inboxes} over gRPC. */
public final class SaverClient implements Inboxes {
    private static final BatchMethod<OpenRequest, OpenReply> OPEN =
            BatchMethod.of(InboxesGrpc.getOpenMethod(), OpenRequest.class, OpenReply.class);
    private static final BatchMethod<LoadRequest, LoadReply> LOAD =
            BatchMethod.of(InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class);
    private static final BatchMethod<AckRequest, AckReply> ACK =
            BatchMethod.of(InboxesGrpc.getAckMethod(), AckRequest.class, AckReply.class);
    private static final BatchMethod<SettleRequest, SettleReply> SETTLE =
            BatchMethod.of(InboxesGrpc.getSettleMethod(), SettleRequest.class, SettleReply.class);
    private static final BatchMethod<ForgetRequest, ForgetReply> FORGET =
            BatchMethod.of(InboxesGrpc.getForgetMethod(), ForgetRequest.class, ForgetReply.class);

    private final Peers savers;
    private final Duration answerWait;
    private final String room;

    /**
     * The savers, as this room asks them.
     *
     * @param answerWait as long as stores may be away before that is an answer
     * @param room the name of this one, which stands in what becomes of messages
     */
    public SaverClient(Peers savers, Duration answerWait, String room) {
        this.savers = savers;
        this.answerWait = answerWait;
        this.room = room;
    }

    @Override
    public CompletableFuture<Opened> open(Endpoint endpoint, long ackSeq, int limit, long generation) {
        OpenRequest request = OpenRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setAckSeq(ackSeq)
                .setLimit(limit)
                .setGeneration(generation)
                .setNode(room)
                .build();
        return savers.call(endpoint.key(), OPEN, request, deadline())
                .thenApply(reply -> new Opened(
                        reply.getAcked(),
                        reply.getPending(),
                        new Page(messages(reply.getMessagesList()), reply.getMore(), reply.getUpto()),
                        reply.getNeverAcksMs(),
                        reply.getReplaced()));
    }

    @Override
    public CompletableFuture<Optional<Page>> load(Session session) {
        Endpoint endpoint = session.endpoint();
        LoadRequest request = LoadRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setAfter(session.lastHop().sent())
                .setLimit(session.lastHop().free())
                .setGeneration(session.generation())
                .setNode(room)
                .build();
        return savers.call(endpoint.key(), LOAD, request, deadline())
                .thenApply(reply -> reply.getReplaced()
                        ? Optional.empty()
                        : Optional.of(new Page(messages(reply.getMessagesList()), reply.getMore(), reply.getUpto())));
    }

    @Override
    public CompletableFuture<Void> ack(Session session, long seq) {
        Endpoint endpoint = session.endpoint();
        AckRequest request = AckRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setSeq(seq)
                .setNode(room)
                .setGeneration(session.generation())
                .build();
        return savers.call(endpoint.key(), ACK, request, deadline()).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<Void> dropped(Endpoint endpoint, Drop drop) {
        SettleRequest request = SettleRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setSeq(drop.seq())
                .setMessageId(drop.messageId())
                .setState(state(drop.reason()))
                .setNode(room)
                .build();
        return savers.call(endpoint.key(), SETTLE, request, deadline()).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<Void> forget(Endpoint endpoint, long uptoSeq) {
        ForgetRequest request = ForgetRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setUptoSeq(uptoSeq)
                .build();
        return savers.call(endpoint.key(), FORGET, request, deadline()).thenAccept(_ -> {});
    }

    private static State state(Drop.Reason reason) {
        return switch (reason) {
            case EXPIRED -> State.EXPIRED;
            case COLLAPSED -> State.COLLAPSED;
        };
    }

    private Deadline deadline() {
        return Deadline.after(answerWait);
    }

    private static List<StoredMessage> messages(List<io.longline.rpc.v1.StoredMessage> stored) {
        return stored.stream()
                .map(one -> new StoredMessage(one.getSeq(), Messages.fromRpc(one.getMessage())))
                .toList();
    }
}
