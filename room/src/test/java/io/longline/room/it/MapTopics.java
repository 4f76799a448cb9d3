package io.longline.room.it;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BroadcastsReply;
import io.longline.rpc.v1.BroadcastsRequest;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.NamesReply;
import io.longline.rpc.v1.NamesRequest;
import io.longline.rpc.v1.PassReply;
import io.longline.rpc.v1.PassRequest;
import io.longline.rpc.v1.PositionReply;
import io.longline.rpc.v1.PositionRequest;
import io.longline.rpc.v1.PublishReply;
import io.longline.rpc.v1.PublishRequest;
import io.longline.rpc.v1.RecallTopicReply;
import io.longline.rpc.v1.RecallTopicRequest;
import io.longline.rpc.v1.SentReply;
import io.longline.rpc.v1.SentRequest;
import io.longline.rpc.v1.SettleTopicReply;
import io.longline.rpc.v1.SettleTopicRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.ToldReply;
import io.longline.rpc.v1.ToldRequest;
import io.longline.rpc.v1.TopicsGrpc;
import io.longline.rpc.v1.UntoldReply;
import io.longline.rpc.v1.UntoldRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of a saver that has the logs of topics, in maps. */
final class MapTopics {
    private static final int MOST_BYTES = 256 * 1024;

    private final Map<Topic, Log> logs = new ConcurrentHashMap<>();
    private final Map<Passed, Long> passed = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile @Nullable LonglineException failure;
    private volatile CountDownLatch held = new CountDownLatch(0);

    private record Topic(String product, String name) {}

    private record Passed(Endpoint endpoint, String topic) {}

    /** What {@link #publish} gives: as much as center tells rooms. */
    record Published(long offset, long before, Message message) {}

    private static final class Log {
        final TreeMap<Long, Message> entries = new TreeMap<>();
        long last;
        long trimmed;
        long readable;

        /** Of broadcasts what everybody may read; of others all. */
        long end(String topic) {
            return isBroadcast(topic) ? readable : last;
        }
    }

    private static boolean isBroadcast(String topic) {
        return topic.startsWith("*");
    }

    RpcService service() {
        return RpcService.of(TopicsGrpc.getServiceDescriptor())
                .batched(
                        BatchMethod.of(TopicsGrpc.getPublishMethod(), PublishRequest.class, PublishReply.class),
                        (requests, deadline) -> each(requests, request -> PublishReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class),
                        (requests, deadline) -> each(requests, this::read))
                .batched(
                        BatchMethod.of(TopicsGrpc.getPositionMethod(), PositionRequest.class, PositionReply.class),
                        (requests, deadline) -> each(requests, this::position))
                .batched(
                        BatchMethod.of(TopicsGrpc.getPassMethod(), PassRequest.class, PassReply.class),
                        (requests, deadline) -> each(requests, this::pass))
                .batched(
                        BatchMethod.of(TopicsGrpc.getUntoldMethod(), UntoldRequest.class, UntoldReply.class),
                        (requests, deadline) -> each(requests, request -> UntoldReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(TopicsGrpc.getToldMethod(), ToldRequest.class, ToldReply.class),
                        (requests, deadline) -> each(requests, request -> ToldReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(TopicsGrpc.getSentMethod(), SentRequest.class, SentReply.class),
                        (requests, deadline) -> each(requests, request -> SentReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(TopicsGrpc.getNamesMethod(), NamesRequest.class, NamesReply.class),
                        (requests, deadline) -> each(requests, request -> NamesReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(TopicsGrpc.getSettleMethod(), SettleTopicRequest.class, SettleTopicReply.class),
                        (requests, deadline) -> each(requests, request -> SettleTopicReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(TopicsGrpc.getRecallMethod(), RecallTopicRequest.class, RecallTopicReply.class),
                        (requests, deadline) -> each(requests, request -> RecallTopicReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(
                                TopicsGrpc.getBroadcastsMethod(), BroadcastsRequest.class, BroadcastsReply.class),
                        (requests, deadline) -> each(requests, this::broadcasts));
    }

    private BroadcastsReply broadcasts(BroadcastsRequest request) {
        LonglineException why = failure;
        if (why != null) {
            return BroadcastsReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        return BroadcastsReply.newBuilder()
                .addAllTopics(logs.entrySet().stream()
                        .filter(one -> one.getKey().product().equals(request.getProduct())
                                && isBroadcast(one.getKey().name())
                                && one.getValue().last > 0)
                        .map(one -> one.getKey().name())
                        .toList())
                .build();
    }

    /** The broadcast at this offset has ended well: everybody may read it. */
    void open(String product, String topic, long offset) {
        Log log = log(product, topic);
        synchronized (log) {
            log.readable = Math.max(log.readable, offset);
        }
    }

    /** The broadcast at this offset has ended otherwise. */
    void remove(String product, String topic, long offset) {
        Log log = log(product, topic);
        synchronized (log) {
            log.entries.remove(offset);
        }
    }

    /** Whatever a room asks fails so from now on; null: nothing does. */
    void fails(@Nullable LonglineException why) {
        failure = why;
    }

    /** Reads are not answered until the latch is down; what they find is what is there before. */
    CountDownLatch hold() {
        held = new CountDownLatch(1);
        return held;
    }

    /** Appends a message; offsets begin at 1,000 and skip some. */
    Published publish(String product, String topic, Message message) {
        Log log = log(product, topic);
        synchronized (log) {
            long before = log.last;
            log.last = Math.max(log.last + 2, 1_000);
            log.entries.put(log.last, message);
            return new Published(log.last, before, message);
        }
    }

    /** The log has no room for what is up to this offset. */
    void trim(String product, String topic, long upto) {
        Log log = log(product, topic);
        synchronized (log) {
            log.entries.headMap(upto, true).clear();
            log.trimmed = upto;
        }
    }

    long last(String product, String topic) {
        Log log = log(product, topic);
        synchronized (log) {
            return log.last;
        }
    }

    /** 0: none. */
    long passed(Endpoint endpoint, String topic) {
        return passed.getOrDefault(new Passed(endpoint, topic), 0L);
    }

    /** How often a log was read. */
    int reads() {
        return reads.get();
    }

    private Log log(String product, String topic) {
        return logs.computeIfAbsent(new Topic(product, topic), key -> new Log());
    }

    private static <Q, A> List<A> each(List<Q> requests, Function<Q, A> handler) {
        return requests.stream().map(handler).toList();
    }

    private LogReply read(LogRequest request) {
        reads.incrementAndGet();
        LonglineException why = failure;
        if (why != null) {
            return LogReply.newBuilder().setError(ErrorTranslator.toStatus(why)).build();
        }
        Log log = log(request.getProduct(), request.getTopic());
        LogReply found;
        synchronized (log) {
            found = page(
                    log,
                    request.getAfter(),
                    Math.max(log.end(request.getTopic()), request.getUpto()),
                    request.getLimit());
        }
        await(held);
        return found;
    }

    private static LogReply page(Log log, long after, long upto, int limit) {
        LogReply.Builder page = LogReply.newBuilder();
        List<StoredMessage> messages = new ArrayList<>();
        int bytes = 0;
        for (var entry :
                log.entries.subMap(after, false, Math.max(after, upto), true).entrySet()) {
            bytes += entry.getValue().getSerializedSize();
            if (messages.size() == limit || (bytes > MOST_BYTES && !messages.isEmpty())) {
                page.setMore(true);
                break;
            }
            messages.add(StoredMessage.newBuilder()
                    .setSeq(entry.getKey())
                    .setMessage(entry.getValue())
                    .build());
        }
        if (log.trimmed > after) {
            page.setGap(log.entries.isEmpty() ? log.last + 1 : log.entries.firstKey());
        }
        return page.addAllMessages(messages)
                .setUpto(page.getMore() ? messages.getLast().getSeq() : Math.max(after, Math.min(upto, log.last)))
                .build();
    }

    private PositionReply position(PositionRequest request) {
        LonglineException why = failure;
        if (why != null) {
            return PositionReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        Log log = log(request.getEndpoint().getProduct(), request.getTopic());
        synchronized (log) {
            return PositionReply.newBuilder()
                    .setPosition(Math.min(log.end(request.getTopic()), position(log, request)))
                    .setHead(log.end(request.getTopic()))
                    .build();
        }
    }

    private long position(Log log, PositionRequest request) {
        if (request.hasAfter()) {
            return request.getAfter();
        }
        if (request.hasLast()) {
            return log.entries.descendingKeySet().stream()
                    .skip(request.getLast())
                    .findFirst()
                    .orElse(0L);
        }
        Long acked = passed.get(new Passed(request.getEndpoint(), request.getTopic()));
        if (acked == null && !request.hasFrom()) {
            return log.end(request.getTopic());
        }
        return Math.max(acked == null ? 0 : acked, request.getFrom());
    }

    private PassReply pass(PassRequest request) {
        LonglineException why = failure;
        if (why != null) {
            return PassReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        long now = passed.merge(new Passed(request.getEndpoint(), request.getTopic()), request.getOffset(), Long::max);
        return PassReply.newBuilder().setOffset(now).build();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new LonglineException(ErrorCode.INTERNAL, "interrupted", e);
        }
    }
}
