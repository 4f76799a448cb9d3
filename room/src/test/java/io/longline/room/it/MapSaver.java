package io.longline.room.it;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.AckReply;
import io.longline.rpc.v1.AckRequest;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.ForgetReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.OpenReply;
import io.longline.rpc.v1.OpenRequest;
import io.longline.rpc.v1.PendingReply;
import io.longline.rpc.v1.PendingRequest;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.State;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.TellReply;
import io.longline.rpc.v1.TellRequest;
import io.longline.rpc.v1.UnsentReply;
import io.longline.rpc.v1.UnsentRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A saver that keeps its inboxes in maps. */
final class MapSaver {
    private final Map<Endpoint, Inbox> inboxes = new ConcurrentHashMap<>();
    private final AtomicInteger loads = new AtomicInteger();
    private volatile @Nullable LonglineException failure;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch stalled = new CountDownLatch(0);
    private final Map<Endpoint, Long> neverAck = new ConcurrentHashMap<>();
    private final AtomicInteger forgetsFailed = new AtomicInteger();
    private final AtomicInteger opens = new AtomicInteger();

    /** What {@link #store} gives: as much as center would put into a hint. */
    record Stored(long seq, long before, Message message) {}

    private static final class Inbox {
        final TreeMap<Long, Message> entries = new TreeMap<>();
        final Map<String, State> settled = new ConcurrentHashMap<>();
        long last;
        long acked;
        long opened;
    }

    RpcService service() {
        return RpcService.of(InboxesGrpc.getServiceDescriptor())
                .batched(
                        BatchMethod.of(InboxesGrpc.getStoreMethod(), StoreRequest.class, StoreReply.class),
                        (requests, deadline) -> each(requests, request -> StoreReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(InboxesGrpc.getOpenMethod(), OpenRequest.class, OpenReply.class),
                        (requests, deadline) -> each(requests, this::open))
                .batched(
                        BatchMethod.of(InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class),
                        (requests, deadline) -> each(requests, this::load))
                .batched(
                        BatchMethod.of(InboxesGrpc.getAckMethod(), AckRequest.class, AckReply.class),
                        (requests, deadline) -> each(requests, this::ack))
                .batched(
                        BatchMethod.of(InboxesGrpc.getSettleMethod(), SettleRequest.class, SettleReply.class),
                        (requests, deadline) -> each(requests, this::settle))
                .batched(
                        BatchMethod.of(InboxesGrpc.getUnsentMethod(), UnsentRequest.class, UnsentReply.class),
                        (requests, deadline) -> each(requests, request -> UnsentReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(InboxesGrpc.getPendingMethod(), PendingRequest.class, PendingReply.class),
                        (requests, deadline) -> each(requests, request -> PendingReply.getDefaultInstance()))
                .batched(
                        BatchMethod.of(InboxesGrpc.getForgetMethod(), ForgetRequest.class, ForgetReply.class),
                        (requests, deadline) -> each(requests, this::forget))
                .batched(
                        BatchMethod.of(InboxesGrpc.getTellMethod(), TellRequest.class, TellReply.class),
                        (requests, deadline) -> each(requests, request -> TellReply.getDefaultInstance()));
    }

    /** Opens, loads and acks fail so from now on; null: none does. */
    void fails(@Nullable LonglineException why) {
        failure = why;
    }

    /** Opens are not answered until the latch is down. */
    CountDownLatch hold() {
        held = new CountDownLatch(1);
        return held;
    }

    /** Nothing is done until the latch is down, as if the process was stopped. */
    CountDownLatch stall() {
        stalled = new CountDownLatch(1);
        return stalled;
    }

    /** Opens of this endpoint are told that it never acknowledges, and is to stay away so long. */
    void neverAcks(Endpoint endpoint, long forMs) {
        neverAck.put(endpoint, forMs);
    }

    /** A session of this generation, in another room, begins to read. */
    void opened(Endpoint endpoint, long generation) {
        Inbox inbox = inbox(endpoint);
        synchronized (inbox) {
            inbox.opened = generation;
        }
    }

    int forgetsFailed() {
        return forgetsFailed.get();
    }

    /** How many opens have come. */
    int opens() {
        return opens.get();
    }

    /** Its seq is the first one that is free, from 1,000 on. */
    Stored store(Endpoint endpoint, Message message) {
        return store(endpoint, message, 1_000);
    }

    /** Its seq is led by the clock, as those of a saver are. */
    Stored storeByClock(Endpoint endpoint, Message message) {
        return store(endpoint, message, System.currentTimeMillis() * 1024);
    }

    private Stored store(Endpoint endpoint, Message message, long atLeast) {
        Inbox inbox = inbox(endpoint);
        synchronized (inbox) {
            long before = inbox.entries.isEmpty() ? 0 : inbox.entries.lastKey();
            inbox.last = Math.max(inbox.last + 1, atLeast);
            inbox.entries.put(inbox.last, message);
            return new Stored(inbox.last, before, message);
        }
    }

    int size(Endpoint endpoint) {
        Inbox inbox = inbox(endpoint);
        synchronized (inbox) {
            return inbox.entries.size();
        }
    }

    List<Long> seqs(Endpoint endpoint) {
        Inbox inbox = inbox(endpoint);
        synchronized (inbox) {
            return List.copyOf(inbox.entries.keySet());
        }
    }

    long acked(Endpoint endpoint) {
        Inbox inbox = inbox(endpoint);
        synchronized (inbox) {
            return inbox.acked;
        }
    }

    @Nullable
    State settled(Endpoint endpoint, String messageId) {
        return inbox(endpoint).settled.get(messageId);
    }

    int loads() {
        return loads.get();
    }

    private Inbox inbox(Endpoint endpoint) {
        return inboxes.computeIfAbsent(endpoint, key -> new Inbox());
    }

    private <Q, A> List<A> each(List<Q> requests, Function<Q, A> handler) {
        await(stalled);
        return requests.stream().map(handler).toList();
    }

    private OpenReply open(OpenRequest request) {
        opens.incrementAndGet();
        await(held);
        LonglineException why = failure;
        if (why != null) {
            return OpenReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        Inbox inbox = inbox(request.getEndpoint());
        Long away = neverAck.get(request.getEndpoint());
        if (away != null) {
            return OpenReply.newBuilder().setNeverAcksMs(away).build();
        }
        synchronized (inbox) {
            if (request.getGeneration() < inbox.opened) {
                return OpenReply.newBuilder().setReplaced(true).build();
            }
            ack(inbox, request.getAckSeq());
            LoadReply page = page(inbox, inbox.acked, request.getLimit());
            return OpenReply.newBuilder()
                    .setAcked(inbox.acked)
                    .setPending(inbox.entries.size())
                    .addAllMessages(page.getMessagesList())
                    .setMore(page.getMore())
                    .setUpto(page.getUpto())
                    .build();
        }
    }

    private LoadReply load(LoadRequest request) {
        loads.incrementAndGet();
        LonglineException why = failure;
        if (why != null) {
            return LoadReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        Inbox inbox = inbox(request.getEndpoint());
        synchronized (inbox) {
            return request.getGeneration() < inbox.opened
                    ? LoadReply.newBuilder().setReplaced(true).build()
                    : page(inbox, request.getAfter(), request.getLimit());
        }
    }

    private static LoadReply page(Inbox inbox, long after, int limit) {
        List<StoredMessage> messages = new ArrayList<>();
        for (var entry : inbox.entries.tailMap(after, false).entrySet()) {
            if (messages.size() == limit) {
                return LoadReply.newBuilder()
                        .addAllMessages(messages)
                        .setMore(true)
                        .setUpto(messages.getLast().getSeq())
                        .build();
            }
            messages.add(StoredMessage.newBuilder()
                    .setSeq(entry.getKey())
                    .setMessage(entry.getValue())
                    .build());
        }
        return LoadReply.newBuilder()
                .addAllMessages(messages)
                .setUpto(inbox.last)
                .build();
    }

    private AckReply ack(AckRequest request) {
        LonglineException why = failure;
        if (why != null) {
            return AckReply.newBuilder().setError(ErrorTranslator.toStatus(why)).build();
        }
        Inbox inbox = inbox(request.getEndpoint());
        synchronized (inbox) {
            ack(inbox, request.getSeq());
            return AckReply.newBuilder().setAcked(inbox.acked).build();
        }
    }

    private static void ack(Inbox inbox, long seq) {
        inbox.acked = Math.max(inbox.acked, Math.min(seq, inbox.last));
        inbox.entries.headMap(inbox.acked, true).clear();
    }

    private SettleReply settle(SettleRequest request) {
        Inbox inbox = inbox(request.getEndpoint());
        synchronized (inbox) {
            inbox.settled.put(request.getMessageId(), request.getState());
            inbox.entries.remove(request.getSeq());
        }
        return SettleReply.newBuilder().setState(request.getState()).build();
    }

    private ForgetReply forget(ForgetRequest request) {
        LonglineException why = failure;
        if (why != null) {
            forgetsFailed.incrementAndGet();
            return ForgetReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(why))
                    .build();
        }
        Inbox inbox = inbox(request.getEndpoint());
        synchronized (inbox) {
            long upto = request.getUptoSeq() == 0 ? Long.MAX_VALUE : request.getUptoSeq();
            int before = inbox.entries.size();
            inbox.entries.headMap(upto, true).clear();
            int dropped = before - inbox.entries.size();
            return ForgetReply.newBuilder().setDropped(dropped).build();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new LonglineException(ErrorCode.INTERNAL, "interrupted", e);
        }
    }
}
