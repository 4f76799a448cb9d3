package io.longline.keeper.rpc;

import com.google.protobuf.Empty;
import com.google.protobuf.UInt64Value;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.longline.keeper.time.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a peer is worth calling: the circuit breaker of one peer. It looks at the peer and not at what calls end with, so
 * that neither a caller's short deadline, nor an error that the peer answers, nor a store that is slow behind it opens it.
 *
 * <p>While calls are under way and nothing is heard, the peer is asked with {@link PulseService}. One that leaves this
 * unanswered for {@code rpc.silence} is stopped, or cut off: the breaker opens. It also opens when connections break more
 * often than they work. While it is open the peer is asked again and again, and the first answer closes it: no call has to
 * find out. One thread watches; any thread may ask for the state.
 */
final class Pulse {
    /** How long an open breaker stays open at least. */
    static final Duration PAUSE = Duration.ofMillis(500);

    /** A peer without another one to go to is given so many times the silence. */
    private static final int ALONE = 4;

    /** One that was never heard is given more: it may have just begun, and so may we. */
    private static final int UNKNOWN = 4;

    /** Looks in one silence. */
    private static final int LOOKS = 5;

    /** Answers, and breaks, that come within this time of each other count once: a connection has many streams. */
    private static final long GRAIN = TimeUnit.MILLISECONDS.toNanos(20);

    /** An answer that took longer says too little about the peer's clock; one that is older too, as no two clocks go alike. */
    private static final long CLOCK_NEAR = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long CLOCK_KEEPS = TimeUnit.MINUTES.toNanos(2);

    /** After a clock that was not told, or too slowly. */
    private static final long CLOCK_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private static final int WINDOW = 20;
    private static final int LEAST = 5;
    private static final Logger log = LoggerFactory.getLogger(Pulse.class);

    private final Peer peer;
    private final CircuitBreaker breaker;
    private final long silence;
    private final long look;
    private volatile long heard = System.nanoTime();
    private volatile boolean known;
    private volatile long counted = heard;
    private volatile long failed = heard;
    private volatile long clockAhead;
    private volatile long clockTold = heard;
    private volatile boolean clockKnown;
    private volatile long sent = heard - CLOCK_KEEPS;
    private long clockAsked = heard - CLOCK_KEEPS;
    private volatile @Nullable Question question;
    private volatile boolean over;

    Pulse(Peer peer, Duration silence) {
        this.peer = peer;
        this.silence = silence.toNanos();
        this.look = this.silence / LOOKS;
        this.breaker = CircuitBreaker.of(
                "peer",
                CircuitBreakerConfig.custom()
                        .clock(MonotonicClock.INSTANCE)
                        .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(PAUSE)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
    }

    /** Begins to watch, on a thread that ends with {@link #end}. */
    void start() {
        Thread.ofVirtual().name("pulse of " + peer).start(this::watch);
    }

    void end() {
        over = true;
        Question asked = question;
        if (asked != null) {
            asked.call.cancel("the peer has left", null);
        }
    }

    /** Whether calls may be given to the peer. */
    boolean closed() {
        return breaker.getState() == State.CLOSED;
    }

    /** A batch goes to the peer. */
    void sent() {
        sent = System.nanoTime();
    }

    /** The time so far from now on the peer's clock; 0 where it was not told lately. */
    long onPeersClock(long millisFromNow) {
        boolean fresh = clockKnown && System.nanoTime() - clockTold < CLOCK_KEEPS;
        return fresh ? SteadyClock.millis() + clockAhead + millisFromNow : 0;
    }

    /** Something came from the peer. */
    void heard() {
        long now = System.nanoTime();
        heard = now;
        known = true;
        if (now - counted > GRAIN) {
            counted = now;
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        }
    }

    /** A connection broke, or could not be made. */
    void broke(Throwable error) {
        long now = System.nanoTime();
        if (now - failed > GRAIN) {
            failed = now;
            breaker.onError(0, TimeUnit.NANOSECONDS, error);
        }
    }

    private void watch() {
        long before = System.nanoTime();
        while (!over) {
            LockSupport.parkNanos(look);
            long now = System.nanoTime();
            boolean heldUp = now - before > 3 * look; // We were stopped, not they.
            before = now;
            try {
                look(now, heldUp);
            } catch (RuntimeException e) {
                if (!over) { // otherwise the question was cancelled while it was asked
                    log.error("a breaker failed peer={}", peer, e);
                }
            }
        }
    }

    private void look(long now, boolean heldUp) {
        Question asked = question;
        if (asked != null) {
            asked.await(now, heldUp);
        } else if (closed() ? silenceOrClockDue(now) : breaker.tryAcquirePermission()) {
            Question next = new Question(now);
            question = next;
            clockAsked = now;
            next.ask();
        }
    }

    private boolean silenceOrClockDue(long now) {
        boolean used = now - sent < CLOCK_KEEPS / 2;
        long clockIsDue = clockKnown ? CLOCK_KEEPS / 2 : CLOCK_AGAIN;
        return (peer.busy() && now - heard > look) || (used && now - clockAsked > clockIsDue);
    }

    private long patience() {
        return silence * (peer.othersAnswer() ? 1 : ALONE) * (known ? 1 : UNKNOWN);
    }

    private void changed(CircuitBreaker.StateTransition change) {
        boolean opened = change == CircuitBreaker.StateTransition.CLOSED_TO_OPEN;
        if (opened || change.getToState() == State.CLOSED) {
            log.info("breaker {} peer={}", opened ? "opened" : "closed", peer);
        }
        if (opened) {
            peer.breakerOpened();
        }
    }

    /** One call of {@link PulseService}, without a deadline: its answer is worth having whenever it comes. */
    private final class Question extends ClientCall.Listener<UInt64Value> {
        private final ClientCall<Empty, UInt64Value> call =
                peer.channel().newCall(PulseService.BEAT, CallOptions.DEFAULT);
        private final long asked;
        private long silentSince;
        private boolean missed;

        Question(long now) {
            this.asked = now;
            this.silentSince = now;
        }

        void ask() {
            call.start(this, new Metadata());
            call.request(2);
            call.sendMessage(Empty.getDefaultInstance());
            call.halfClose();
        }

        /** On the watching thread. Whatever else the peer says is an answer too. */
        void await(long now, boolean heldUp) {
            if (heldUp) {
                silentSince = now;
            } else if (heard - silentSince > 0) {
                silentSince = heard;
            }
            if (!missed && now - silentSince > patience()) {
                missed = true;
                if (breaker.getState() == State.CLOSED) {
                    breaker.transitionToOpenState();
                } else {
                    breaker.onError(now - asked, TimeUnit.NANOSECONDS, new IllegalStateException("silent"));
                }
            }
        }

        @Override
        public void onMessage(UInt64Value peerMillis) {
            long took = System.nanoTime() - asked;
            if (took < CLOCK_NEAR) {
                // As if it had answered at once: at most so much too late as the answer took, and never too early.
                clockAhead = peerMillis.getValue() - SteadyClock.millis() + TimeUnit.NANOSECONDS.toMillis(took) + 1;
                clockTold = System.nanoTime();
                clockKnown = true;
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            long took = System.nanoTime() - asked;
            if (status.isOk()
                    || status.getCode() == Status.Code.UNIMPLEMENTED) { // One of an earlier release is there too.
                heard = System.nanoTime();
                known = true;
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
            } else {
                breaker.onError(took, TimeUnit.NANOSECONDS, status.asException());
            }
            question = null;
        }
    }
}
