package io.longline.coordinator.backlog;

import com.google.protobuf.Message;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.BacklogEvent;
import io.longline.rpc.v1.BacklogStream;
import io.longline.rpc.v1.BacklogsGrpc;
import io.longline.rpc.v1.LetGoReply;
import io.longline.rpc.v1.LetGoRequest;
import io.longline.rpc.v1.MoveOutReply;
import io.longline.rpc.v1.MoveOutRequest;
import io.longline.rpc.v1.OpenBacklogReply;
import io.longline.rpc.v1.OpenBacklogRequest;
import io.longline.rpc.v1.ReadBacklogReply;
import io.longline.rpc.v1.ReadBacklogRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@link Archive} at the savers. */
final class ArchiveClient implements Archive {
    private static final BatchMethod<OpenBacklogRequest, OpenBacklogReply> OPEN =
            BatchMethod.of(BacklogsGrpc.getOpenBacklogMethod(), OpenBacklogRequest.class, OpenBacklogReply.class);
    private static final BatchMethod<MoveOutRequest, MoveOutReply> MOVE_OUT =
            BatchMethod.of(BacklogsGrpc.getMoveOutMethod(), MoveOutRequest.class, MoveOutReply.class);
    private static final BatchMethod<ReadBacklogRequest, ReadBacklogReply> READ =
            BatchMethod.of(BacklogsGrpc.getReadBacklogMethod(), ReadBacklogRequest.class, ReadBacklogReply.class);
    private static final BatchMethod<LetGoRequest, LetGoReply> LET_GO =
            BatchMethod.of(BacklogsGrpc.getLetGoMethod(), LetGoRequest.class, LetGoReply.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Peers savers;

    ArchiveClient(Peers savers) {
        this.savers = savers;
    }

    @Override
    public Optional<List<Size>> open(int shard, long fence) {
        OpenBacklogReply reply = call(
                shard,
                OPEN,
                OpenBacklogRequest.newBuilder().setShard(shard).setFence(fence).build());
        return reply.getStale()
                ? Optional.empty()
                : Optional.of(reply.getSizesList().stream()
                        .map(size -> new Size(
                                new Stream(
                                        shard,
                                        size.getStream().getProduct(),
                                        size.getStream().getKind()),
                                size.getEvents(),
                                size.getFirstSeq(),
                                size.getLastSeq()))
                        .toList());
    }

    @Override
    public Kept keep(Stream stream, long fence, List<Event> events) {
        MoveOutRequest request = MoveOutRequest.newBuilder()
                .setStream(message(stream))
                .setFence(fence)
                .addAllEvents(events.stream().map(ArchiveClient::message).toList())
                .build();
        try {
            return call(stream.shard(), MOVE_OUT, request).getStale() ? Kept.STALE : Kept.KEPT;
        } catch (LonglineException e) {
            if (e.code() == ErrorCode.QUEUE_FULL) {
                return Kept.FULL;
            }
            throw e;
        }
    }

    @Override
    public Page read(Stream stream, long after, BacklogStore.Portion most) {
        ReadBacklogReply reply = call(
                stream.shard(),
                READ,
                ReadBacklogRequest.newBuilder()
                        .setStream(message(stream))
                        .setAfter(after)
                        .setMax(most.events())
                        .setMaxBytes(most.bytes())
                        .build());
        return new Page(
                reply.getEventsList().stream()
                        .map(event -> event(stream, event))
                        .toList(),
                reply.getMore());
    }

    @Override
    public boolean letGo(Stream stream, long fence, long upTo) {
        LetGoReply reply = call(
                stream.shard(),
                LET_GO,
                LetGoRequest.newBuilder()
                        .setStream(message(stream))
                        .setFence(fence)
                        .setUpTo(upTo)
                        .build());
        return !reply.getStale() && !reply.getMore();
    }

    private <Q extends Message, A extends Message> A call(int shard, BatchMethod<Q, A> method, Q request) {
        try {
            return savers.await(shard, method, request, Deadline.after(PATIENCE));
        } catch (RuntimeException e) {
            throw ErrorTranslator.fromAny(e);
        }
    }

    private static BacklogStream message(Stream stream) {
        return BacklogStream.newBuilder()
                .setShard(stream.shard())
                .setProduct(stream.product())
                .setKind(stream.kind())
                .build();
    }

    private static BacklogEvent message(Event event) {
        return BacklogEvent.newBuilder()
                .setSeq(event.seq())
                .setUser(event.user())
                .setDevice(event.device())
                .setGeneration(event.generation())
                .putAllFields(event.fields())
                .setPayload(event.payload())
                .setAtMs(event.atMs())
                .build();
    }

    private static Event event(Stream stream, BacklogEvent event) {
        return new Event(
                stream,
                event.getSeq(),
                event.getAtMs(),
                event.getUser(),
                event.getDevice(),
                event.getGeneration(),
                event.getFieldsMap(),
                event.getPayload());
    }
}
