package io.longline.coordinator.uplink;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BacklogEvent;
import io.longline.rpc.v1.BacklogSize;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a saver keeps of backlogs, which may fail before or after it has done something. */
final class FakeBacklogs {
    private final Map<BacklogStream, NavigableMap<Long, BacklogEvent>> events = new HashMap<>();
    private final Map<Integer, Long> fences = new HashMap<>();
    private @Nullable ErrorCode refusal;
    private String brokenKind = "";
    private int lostAnswers;
    private int moved;

    RpcService service() {
        return RpcService.of(BacklogsGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(
                                BacklogsGrpc.getOpenBacklogMethod(), OpenBacklogRequest.class, OpenBacklogReply.class),
                        (request, _) -> open(request))
                .sideBySide(
                        BatchMethod.of(BacklogsGrpc.getMoveOutMethod(), MoveOutRequest.class, MoveOutReply.class),
                        (request, _) -> moveOut(request))
                .sideBySide(
                        BatchMethod.of(
                                BacklogsGrpc.getReadBacklogMethod(), ReadBacklogRequest.class, ReadBacklogReply.class),
                        (request, _) -> read(request))
                .sideBySide(
                        BatchMethod.of(BacklogsGrpc.getLetGoMethod(), LetGoRequest.class, LetGoReply.class),
                        (request, _) -> letGo(request));
    }

    /** Null: it does what it is asked for. */
    synchronized void refuse(@Nullable ErrorCode with) {
        refusal = with;
    }

    /** Nothing of that kind is taken. */
    synchronized void breakFor(String kind) {
        brokenKind = kind;
    }

    /** So many moves are done and answered with an error. */
    synchronized void loseAnswers(int count) {
        lostAnswers = count;
    }

    synchronized int size() {
        return events.values().stream().mapToInt(Map::size).sum();
    }

    /** How many were ever moved here, repeats included. */
    synchronized int moved() {
        return moved;
    }

    private void refuse() {
        ErrorCode refused = refusal;
        if (refused != null) {
            throw new LonglineException(refused, "not now");
        }
    }

    private boolean isStale(BacklogStream stream, long fence) {
        return fences.getOrDefault(stream.getShard(), 0L) != fence;
    }

    private synchronized OpenBacklogReply open(OpenBacklogRequest request) {
        refuse();
        long fence = fences.merge(request.getShard(), request.getFence(), Math::max);
        OpenBacklogReply.Builder reply = OpenBacklogReply.newBuilder().setStale(fence > request.getFence());
        events.forEach((stream, of) -> {
            if (stream.getShard() == request.getShard() && !of.isEmpty()) {
                reply.addSizes(BacklogSize.newBuilder()
                        .setStream(stream)
                        .setEvents(of.size())
                        .setFirstSeq(of.firstKey())
                        .setLastSeq(of.lastKey()));
            }
        });
        return reply.build();
    }

    private synchronized MoveOutReply moveOut(MoveOutRequest request) {
        refuse();
        if (request.getStream().getKind().equals(brokenKind)) {
            throw new LonglineException(ErrorCode.INTERNAL, "not this one");
        }
        if (isStale(request.getStream(), request.getFence())) {
            return MoveOutReply.newBuilder().setStale(true).build();
        }
        NavigableMap<Long, BacklogEvent> of = events.computeIfAbsent(request.getStream(), _ -> new TreeMap<>());
        request.getEventsList().forEach(event -> of.putIfAbsent(event.getSeq(), event));
        moved += request.getEventsCount();
        if (lostAnswers > 0) {
            lostAnswers--;
            throw new LonglineException(ErrorCode.DEPENDENCY_DOWN, "done, and nobody hears of it");
        }
        return MoveOutReply.getDefaultInstance();
    }

    private synchronized ReadBacklogReply read(ReadBacklogRequest request) {
        refuse();
        List<BacklogEvent> page =
                events
                        .getOrDefault(request.getStream(), new TreeMap<>())
                        .tailMap(request.getAfter(), false)
                        .values()
                        .stream()
                        .limit(request.getMax())
                        .toList();
        return ReadBacklogReply.newBuilder()
                .addAllEvents(page)
                .setMore(page.size() == request.getMax())
                .build();
    }

    private synchronized LetGoReply letGo(LetGoRequest request) {
        refuse();
        if (isStale(request.getStream(), request.getFence())) {
            return LetGoReply.newBuilder().setStale(true).build();
        }
        events.getOrDefault(request.getStream(), new TreeMap<>())
                .headMap(request.getUpTo(), true)
                .clear();
        return LetGoReply.getDefaultInstance();
    }
}
