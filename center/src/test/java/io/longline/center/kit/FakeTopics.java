package io.longline.center.kit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
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
import io.longline.rpc.v1.SettleHow;
import io.longline.rpc.v1.SettleTopicReply;
import io.longline.rpc.v1.SettleTopicRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.ToldReply;
import io.longline.rpc.v1.ToldRequest;
import io.longline.rpc.v1.TopicName;
import io.longline.rpc.v1.TopicsGrpc;
import io.longline.rpc.v1.UntoldReply;
import io.longline.rpc.v1.UntoldRequest;
import io.longline.rpc.v1.UntoldTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The part of {@link FakeSaver} that keeps the logs of topics, in maps. One lock around everything. */
public final class FakeTopics {
    private final Map<Name, Log> logs = new HashMap<>();
    private final Map<Integer, Long> counters = new HashMap<>();
    private final List<ToldRequest> told = new ArrayList<>();
    private final Map<Passed, Long> passed = new HashMap<>();
    private @Nullable LonglineException failure;
    private int unheard;

    private record Passed(Endpoint endpoint, String topic) {}

    private record Name(String product, String topic) {
        int shard() {
            return Shards.of(product, isBroadcast() ? "*" : topic);
        }

        boolean isBroadcast() {
            return topic.startsWith("*");
        }
    }

    private static final class Log {
        private final NavigableMap<Long, Message> messages = new TreeMap<>();
        private final Map<String, Long> ids = new HashMap<>();
        private final Map<Long, SentReply.Builder> sends = new TreeMap<>();
        private final List<Long> removed = new ArrayList<>();
        private long last;
        /** Of broadcasts: up to there everybody may read. */
        private long readable;

        private long trimmed;
        private boolean untold;
    }

    RpcService service() {
        RpcService service = RpcService.of(TopicsGrpc.getServiceDescriptor());
        Methods.each(
                service,
                TopicsGrpc.getPublishMethod(),
                PublishRequest.class,
                PublishReply.class,
                this::publish,
                e -> PublishReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getRecallMethod(),
                RecallTopicRequest.class,
                RecallTopicReply.class,
                this::recall,
                e -> RecallTopicReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getLogMethod(),
                LogRequest.class,
                LogReply.class,
                this::log,
                e -> LogReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getPositionMethod(),
                PositionRequest.class,
                PositionReply.class,
                this::position,
                e -> PositionReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getUntoldMethod(),
                UntoldRequest.class,
                UntoldReply.class,
                this::untold,
                e -> UntoldReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getToldMethod(),
                ToldRequest.class,
                ToldReply.class,
                this::told,
                e -> ToldReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getSentMethod(),
                SentRequest.class,
                SentReply.class,
                this::sent,
                e -> SentReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getNamesMethod(),
                NamesRequest.class,
                NamesReply.class,
                this::names,
                e -> NamesReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                TopicsGrpc.getSettleMethod(),
                SettleTopicRequest.class,
                SettleTopicReply.class,
                this::settle,
                e -> SettleTopicReply.newBuilder().setError(e).build());
        Methods.unused(service, TopicsGrpc.getBroadcastsMethod(), BroadcastsRequest.class, BroadcastsReply.class);
        Methods.unused(service, TopicsGrpc.getPassMethod(), PassRequest.class, PassReply.class);
        return service;
    }

    private synchronized PublishReply publish(PublishRequest request) {
        failIfTold();
        Message message = request.getMessage();
        if (message.getSentAtMs() != 0 || message.getQos() != 1) {
            throw new LonglineException(ErrorCode.INVALID_ARGUMENT, "expected its time to be told here: " + message);
        }
        Name name = new Name(request.getProduct(), request.getTopic());
        Log log = logs.computeIfAbsent(name, _ -> new Log());
        Long known = log.ids.get(message.getMessageId());
        if (known != null) {
            return reply(known, message(log, known))
                    .setBefore(log.last)
                    .setRepeated(true)
                    .build();
        }
        long now = System.currentTimeMillis();
        long offset = Math.max(counters.getOrDefault(name.shard(), 0L) + 1, now * 1024);
        Message kept = message.toBuilder()
                .setSentAtMs(now)
                .setExpiresAtMs(now + message.getExpiresAtMs())
                .build();
        PublishReply answer = reply(offset, kept).setBefore(log.last).build();
        append(name, log, offset, kept);
        if (unheard > 0) {
            unheard--;
            throw LonglineException.dependencyDown("saver", "the connection broke", null);
        }
        return answer;
    }

    private synchronized RecallTopicReply recall(RecallTopicRequest request) {
        failIfTold();
        Name name = new Name(request.getProduct(), request.getTopic());
        Log log = logs.computeIfAbsent(name, _ -> new Log());
        Long known = log.ids.get(request.getMessageId());
        if (known == null) {
            long now = System.currentTimeMillis();
            known = Math.max(counters.getOrDefault(name.shard(), 0L) + 1, now * 1024);
            boolean untold = log.untold;
            append(
                    name,
                    log,
                    known,
                    Message.newBuilder()
                            .setMessageId(request.getMessageId())
                            .setSentAtMs(now)
                            .build());
            log.untold = untold;
        }
        log.messages.remove(known);
        Objects.requireNonNull(log.sends.get(known)).setRecalled(true);
        return RecallTopicReply.newBuilder().setOffset(known).build();
    }

    private static PublishReply.Builder reply(long offset, Message message) {
        return PublishReply.newBuilder()
                .setOffset(offset)
                .setSentAtMs(message.getSentAtMs())
                .setExpiresAtMs(message.getExpiresAtMs());
    }

    private static Message message(Log log, long offset) {
        return Objects.requireNonNullElse(log.messages.get(offset), Message.getDefaultInstance());
    }

    private void append(Name name, Log log, long offset, Message message) {
        counters.put(name.shard(), offset);
        log.last = offset;
        log.untold = !name.isBroadcast();
        log.messages.put(offset, message);
        log.ids.put(message.getMessageId(), offset);
        log.sends.put(
                offset,
                SentReply.newBuilder()
                        .setTopic(name.topic())
                        .setMessageId(message.getMessageId())
                        .setSentAtMs(message.getSentAtMs())
                        .setExpiresAtMs(message.getExpiresAtMs()));
    }

    private synchronized SettleTopicReply settle(SettleTopicRequest request) {
        failIfTold();
        Log log = log(request.getProduct(), request.getTopic());
        if (request.getHow() == SettleHow.SETTLE_REMOVE) {
            log.messages.remove(request.getOffset());
            log.removed.add(request.getOffset());
        } else {
            log.readable = Math.max(log.readable, request.getOffset());
            log.untold = true;
        }
        return SettleTopicReply.getDefaultInstance();
    }

    private synchronized LogReply log(LogRequest request) {
        failIfTold();
        Name name = new Name(request.getProduct(), request.getTopic());
        Log log = logs.getOrDefault(name, new Log());
        long end = name.isBroadcast() ? Math.max(log.readable, request.getUpto()) : Long.MAX_VALUE;
        List<Map.Entry<Long, Message>> left = log.messages.tailMap(request.getAfter(), false).entrySet().stream()
                .filter(one -> one.getKey() <= end)
                .toList();
        List<Map.Entry<Long, Message>> page = left.subList(0, Math.min(left.size(), request.getLimit()));
        LogReply.Builder reply = LogReply.newBuilder()
                .setMore(left.size() > page.size())
                .setUpto(page.isEmpty() ? log.last : page.getLast().getKey());
        if (request.getAfter() < log.trimmed) {
            reply.setGap(left.isEmpty() ? log.last + 1 : left.getFirst().getKey());
        }
        page.forEach(one -> reply.addMessages(
                StoredMessage.newBuilder().setSeq(one.getKey()).setMessage(one.getValue())));
        return reply.build();
    }

    private synchronized PositionReply position(PositionRequest request) {
        failIfTold();
        if (request.hasFrom()) {
            return PositionReply.newBuilder()
                    .setPosition(passed.getOrDefault(new Passed(request.getEndpoint(), request.getTopic()), 0L))
                    .build();
        }
        if (request.hasAfter() || request.hasLast()) {
            throw new LonglineException(ErrorCode.INVALID_ARGUMENT, "center knows of no position: " + request);
        }
        Log log = logs.getOrDefault(new Name(request.getEndpoint().getProduct(), request.getTopic()), new Log());
        return PositionReply.newBuilder()
                .setPosition(log.last)
                .setHead(log.last)
                .build();
    }

    private synchronized UntoldReply untold(UntoldRequest request) {
        failIfTold();
        long youngest = System.currentTimeMillis() - request.getOlderThanMs();
        UntoldReply.Builder reply = UntoldReply.newBuilder();
        logs.forEach((name, log) -> {
            long since = since(log);
            if (log.untold && name.shard() == request.getShard() && since <= youngest) {
                reply.addTopics(UntoldTopic.newBuilder()
                        .setProduct(name.product())
                        .setTopic(name.topic())
                        .setOffset(log.last)
                        .setSinceMs(since));
            }
        });
        return reply.build();
    }

    private static long since(Log log) {
        return log.sends.values().stream()
                .filter(send -> !send.getTold())
                .mapToLong(SentReply.Builder::getSentAtMs)
                .min()
                .orElse(0);
    }

    private synchronized ToldReply told(ToldRequest request) {
        failIfTold();
        told.add(request);
        Log log = log(request.getProduct(), request.getTopic());
        SentReply.Builder newest = log.sends.get(request.getUpto());
        if (newest != null) {
            newest.putAllRooms(request.getRoomsMap());
        }
        if (request.getAll()) {
            log.sends.forEach((offset, send) -> send.setTold(send.getTold() || offset <= request.getUpto()));
            log.untold = log.last > request.getUpto();
        }
        return ToldReply.getDefaultInstance();
    }

    private synchronized SentReply sent(SentRequest request) {
        failIfTold();
        return logs.entrySet().stream()
                .filter(one -> one.getKey().product().equals(request.getProduct())
                        && one.getKey().shard() == request.getShard()
                        && (one.getValue().messages.containsKey(request.getOffset())
                                || isRecalled(one.getValue(), request.getOffset())))
                .findFirst()
                .map(one -> Objects.requireNonNull(one.getValue().sends.get(request.getOffset()))
                        .build())
                .orElseThrow(() -> new LonglineException(ErrorCode.JOB_NOT_FOUND, "there is no such send"));
    }

    private static boolean isRecalled(Log log, long offset) {
        SentReply.Builder send = log.sends.get(offset);
        return send != null && send.getRecalled();
    }

    private synchronized NamesReply names(NamesRequest request) {
        failIfTold();
        NamesReply.Builder reply = NamesReply.newBuilder();
        logs.entrySet().stream()
                .filter(one -> one.getKey().product().equals(request.getProduct())
                        && one.getKey().shard() == request.getShard()
                        && one.getKey().topic().compareTo(request.getAfter()) > 0)
                .map(one -> TopicName.newBuilder()
                        .setTopic(one.getKey().topic())
                        .setOffset(one.getValue().last)
                        .setMessages(one.getValue().messages.size())
                        .build())
                .sorted((a, b) -> a.getTopic().compareTo(b.getTopic()))
                .limit(request.getLimit())
                .forEach(reply::addTopics);
        return reply.build();
    }

    private Log log(String product, String topic) {
        return Objects.requireNonNull(logs.get(new Name(product, topic)), () -> product + " has no topic " + topic);
    }

    private void failIfTold() {
        if (failure != null) {
            throw failure;
        }
    }

    /** An endpoint has acknowledged a topic so far. */
    public synchronized void pass(Endpoint endpoint, String topic, long offset) {
        passed.put(new Passed(endpoint, topic), offset);
    }

    /** Up to which offset everybody may read; of a topic of broadcasts. */
    public synchronized long readable(String product, String topic) {
        return logs.getOrDefault(new Name(product, topic), new Log()).readable;
    }

    /** Offsets that nobody may read any more. */
    public synchronized List<Long> removed(String product, String topic) {
        return List.copyOf(logs.getOrDefault(new Name(product, topic), new Log()).removed);
    }

    /** It forgets whose ids it has: a day is over. */
    public synchronized void forgetIds() {
        logs.values().forEach(log -> log.ids.clear());
    }

    /** Null: none. */
    public synchronized void fail(@Nullable LonglineException why) {
        failure = why;
    }

    /** The next so many are appended, and their callers take the connection for broken. */
    public synchronized void publishUnheard(int sends) {
        unheard = sends;
    }

    /** The oldest messages of a topic leave before their time. */
    public synchronized void trim(String product, String topic, int messages) {
        Log log = log(product, topic);
        for (int i = 0; i < messages; i++) {
            log.trimmed = log.messages.firstKey();
            log.messages.remove(log.trimmed);
        }
    }

    public synchronized List<Message> messages(String product, String topic) {
        return List.copyOf(
                logs.getOrDefault(new Name(product, topic), new Log()).messages.values());
    }

    /** Whether a room may not have heard of it. */
    public synchronized boolean isUntold(String product, String topic) {
        return log(product, topic).untold;
    }

    /** In their order. */
    public synchronized List<ToldRequest> told() {
        return List.copyOf(told);
    }
}
