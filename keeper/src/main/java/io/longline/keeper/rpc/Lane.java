package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one method to one peer. Any thread may submit and is never held up; one virtual thread takes what is there,
 * sends it as a batch, expires what ran out of time, and opens the stream again when it broke. That thread alone touches
 * {@code stream} and {@code nextExpiry}; answers come on gRPC's threads and take from {@code flights}.
 */
final class Lane<Q extends Message, A extends Message> {
    /** How often a lane that is held back looks for calls whose time is over; also the grain of deadlines. */
    private static final long GRAIN = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final Duration RETRY_AFTER = Duration.ofMillis(200);
    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private final Peer peer;
    private final BatchMethod<Q, A> method;
    private final RpcMetrics.OfMethod metrics;
    private final LaneQueue<Q, A> queue;
    private final Flights<Q, A> flights;
    private final Backoff backoff = new Backoff();
    private final Linger linger;
    private final Thread thread;

    private @Nullable LaneStream stream;
    private long nextExpiry = System.nanoTime() + LONG;
    private long lastId;

    private volatile boolean idle;
    private volatile boolean lettingGo;
    private volatile boolean retired;
    private volatile boolean ended;
    private volatile long graceEnds;

    private Lane(Peer peer, BatchMethod<Q, A> method) {
        this.peer = peer;
        this.method = method;
        this.metrics = peer.metrics().of(method.name());
        this.queue = new LaneQueue<>(method.toString(), peer.config().outgoing(), metrics);
        this.flights = new Flights<>(method);
        this.linger = new Linger(peer.config().outgoing().linger());
        this.thread =
                Thread.ofVirtual().name("lane " + method.name() + " " + peer).unstarted(this::run);
    }

    static <Q extends Message, A extends Message> Lane<Q, A> started(Peer peer, BatchMethod<Q, A> method) {
        Lane<Q, A> lane = new Lane<>(peer, method);
        lane.thread.start();
        return lane;
    }

    /** A call that may be let go is failed when the breaker opens and another member could be called. */
    CompletableFuture<A> submit(Q request, Deadline deadline, boolean mayLetGo) {
        Flight.Call<Q, A> call =
                new Flight.Call<>(request, request.getSerializedSize(), deadline, mayLetGo, new CompletableFuture<>());
        LonglineException refusal = refusal(call);
        if (refusal == null && !queue.add(call)) {
            metrics.rejected(RpcMetrics.Reject.QUEUE_FULL);
            refusal = new LonglineException(ErrorCode.OVERLOADED, "the queue of " + method + " to " + peer + " is full")
                    .retryAfter(RETRY_AFTER);
        }
        if (refusal != null) {
            call.fail(refusal);
        } else if (idle || (linger.lingers() && queue.fillsBatch())) {
            wake();
        } else if (ended) {
            queue.fail(call, peer.down("has left", null));
        }
        return call.future();
    }

    boolean waits() {
        return !queue.isEmpty();
    }

    /** The breaker has opened. */
    void letGo() {
        lettingGo = true;
        wake();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** Takes no more calls, fails those that wait, and lets what was sent be answered within that time. */
    void retire(Duration grace) {
        if (!retired) {
            graceEnds = System.nanoTime() + grace.toNanos();
            retired = true;
            wake();
        }
    }

    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    private @Nullable LonglineException refusal(Flight.Call<Q, A> call) {
        if (retired) {
            return peer.down("has left", null);
        }
        if (call.deadline().passed()) {
            return new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "no time left to call " + method);
        }
        int largest = peer.config().maxMessageBytes();
        if (call.bytes() > largest) {
            return new LonglineException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    method + ": a request of " + call.bytes() + " bytes, expected at most " + largest);
        }
        if (!peer.pulse().closed()) {
            metrics.rejected(RpcMetrics.Reject.BREAKER_OPEN);
            return peer.silent();
        }
        if (backoff.waiting()) {
            metrics.rejected(RpcMetrics.Reject.PEER_DOWN);
            return peer.down("could not be reached just now", null);
        }
        return null;
    }

    private void run() {
        try {
            while (!retired) {
                stepOrBreakOff();
            }
            queue.failAll(peer.down("has left", null));
            awaitAnswers();
        } finally {
            ended = true;
            LonglineException gone = peer.down("has left", null);
            queue.failAll(gone);
            flights.failAll(gone);
            if (stream != null) {
                stream.cancel("the peer has left");
            }
        }
    }

    /** A fault of ours must not end the lane: the stream does, and with it what was sent on it. */
    private void stepOrBreakOff() {
        try {
            step();
        } catch (RuntimeException e) {
            log.error("a lane failed method={} peer={}", method, peer, e);
            if (stream != null) {
                stream.cancel("the lane failed");
            }
            LockSupport.parkNanos(GRAIN);
        }
    }

    private void step() {
        settleEndOfStream();
        expireWhenDue();
        letGoWhenOpened();
        if (queue.isEmpty()) {
            park();
        } else if (!peer.pulse().closed()) {
            queue.failAll(peer.silent());
        } else if (backoff.waiting()) {
            queue.failAll(peer.down("could not be reached just now", null)); // Submitted while it failed.
        } else {
            long waits = linger.nanos(flights.unheard(), queue.fillsBatch());
            if (waits > 0) {
                LockSupport.parkNanos(waits); // Woken before when an answer comes or a batch is full.
            } else if (!send()) {
                expireWithin(GRAIN);
                LockSupport.parkNanos(GRAIN); // Woken before when the stream is ready or there is room in flight.
            }
        }
    }

    /** Sends one batch; false if the stream is not ready or too much is in flight. */
    private boolean send() {
        LaneStream open = stream;
        if (open == null) {
            open = new LaneStream(peer.channel(), method, this::answered, this::wake);
            stream = open;
            open.open();
        }
        List<Flight.Call<Q, A>> calls = open.ready() ? queue.take(bytes -> peer.tryTakeFlight(this, bytes)) : List.of();
        if (calls.isEmpty()) {
            return queue.isEmpty();
        }
        Flight<Q, A> flight = new Flight<>(calls, peer::giveFlight);
        long id = ++lastId;
        flights.add(id, flight);
        expireWithin(flight.leastLeftNanos());
        metrics.sent(calls.size());
        peer.pulse().sent();
        long left = mostLeftMillis(calls);
        open.send(method.batch(
                id,
                left,
                peer.pulse().onPeersClock(left),
                calls.stream().map(Flight.Call::request).toList()));
        return true;
    }

    /** What the latest of the calls has left: the batch is worth beginning as long as one of them waits for it. */
    private static long mostLeftMillis(List<? extends Flight.Call<?, ?>> calls) {
        return calls.stream()
                .mapToLong(call -> call.deadline().remainingMillis())
                .max()
                .orElse(0);
    }

    /** On gRPC's thread. */
    private void answered(Message message) {
        peer.pulse().heard();
        flights.answered(message).ifPresent(flight -> metrics.answered(flight.ageNanos()));
        if (linger.lingers()) {
            wake();
        }
    }

    /** What was sent stays in flight: the peer still has it. */
    private void letGoWhenOpened() {
        if (lettingGo) {
            lettingGo = false;
            if (peer.othersAnswer()) {
                flights.letGo(peer.silent());
            }
        }
    }

    private void settleEndOfStream() {
        LaneStream current = stream;
        Status end = current == null ? null : current.end().orElse(null);
        if (current == null || end == null) {
            return;
        }
        stream = null;
        LonglineException error = peer.down("broke off: " + end.getCode(), end.asException());
        if (end.getCode() == Status.Code.UNIMPLEMENTED) { // one of an earlier release, which is well
            peer.pulse().heard();
        } else {
            peer.pulse().broke(error);
        }
        if (current.worked()) {
            backoff.worked();
            metrics.broke();
        } else {
            backoff.failed();
            queue.failAll(error);
        }
        flights.failAll(error);
    }

    private void expireWithin(long nanos) {
        nextExpiry = Math.min(nextExpiry, System.nanoTime() + nanos);
    }

    private void expireWhenDue() {
        if (nextExpiry - System.nanoTime() > 0) {
            return;
        }
        nextExpiry = System.nanoTime() + LONG;
        expireWithin(Math.max(GRAIN, flights.expire()));
        queue.expire();
    }

    private void awaitAnswers() {
        while (!flights.isEmpty() && graceEnds - System.nanoTime() > 0) {
            settleEndOfStream();
            expireWhenDue();
            LockSupport.parkNanos(GRAIN);
        }
    }

    /** Until there is something to do; whoever makes that something wakes us. */
    private void park() {
        idle = true;
        if (queue.isEmpty() && !retired && !lettingGo) {
            LockSupport.parkNanos(nextExpiry - System.nanoTime());
        }
        idle = false;
    }
}
