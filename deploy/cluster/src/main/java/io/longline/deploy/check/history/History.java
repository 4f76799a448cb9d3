package io.longline.deploy.check.history;

import io.longline.deploy.check.history.Event.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The record of a run. Any thread writes; events are in the order of their times. It holds them until {@link #take}, so
 * somebody has to; who records waits when a million of them lie there.
 */
public final class History {
    private static final int MOST_WAITING = 1_000_000;

    private final LongSupplier clock;
    private final AtomicInteger sessions = new AtomicInteger();
    private final TopicHistory topics = new TopicHistory(this);
    private final BroadcastHistory broadcasts = new BroadcastHistory(this);
    private final CallHistory calls = new CallHistory(this);
    private Queue<Event> waiting = new ArrayDeque<>();
    private long recorded;

    /** @param clock nanoseconds since the run began; never goes back */
    public History(LongSupplier clock) {
        this.clock = clock;
    }

    /** One whose time is this process's own. */
    public static History now() {
        long began = System.nanoTime();
        return new History(() -> System.nanoTime() - began);
    }

    public long time() {
        return clock.getAsLong();
    }

    /** What is about topics. */
    public TopicHistory topics() {
        return topics;
    }

    /** What back ends do to broadcasts. */
    public BroadcastHistory broadcasts() {
        return broadcasts;
    }

    /** What clients send, and what back ends are told, ask for, and do to sessions. */
    public CallHistory calls() {
        return calls;
    }

    // ---- back ends ----

    public long sendBegun(Sending send, int attempt, String center) {
        return add(at -> new Event.SendBegun(at, send, attempt, center));
    }

    public void answered(Sending send, int attempt, String center, long begunAt, Answer answer) {
        add(at -> new Event.Answered(at, send, attempt, center, begunAt, answer));
    }

    public void unanswered(Sending send, int attempt, String center, long begunAt, boolean refused, String how) {
        add(at -> new Event.Unanswered(at, send, attempt, center, begunAt, refused, how));
    }

    public void sendOver(Sending send) {
        add(at -> new Event.SendOver(at, send));
    }

    public void looked(Sending send, String center, long begunAt, Answer answer) {
        add(at -> new Event.Looked(at, send, center, begunAt, answer));
    }

    public void jobTold(Sending send, String center, long begunAt, Answer answer, @Nullable JobState job) {
        add(at -> new Event.JobTold(at, send, center, begunAt, answer, job));
    }

    public void contradictBegun(Sending send, String center) {
        add(at -> new Event.ContradictBegun(at, send, center));
    }

    public void contradicted(Sending send, String center, long begunAt, Answer answer) {
        add(at -> new Event.Contradicted(at, send, center, begunAt, answer));
    }

    public void recallBegun(Sending send, String center) {
        add(at -> new Event.RecallBegun(at, send, center));
    }

    public void recalled(Sending send, String center, long begunAt, Answer answer) {
        add(at -> new Event.Recalled(at, send, center, begunAt, answer));
    }

    public long forgetBegun(EndpointId endpoint) {
        return add(at -> new Event.ForgetBegun(at, endpoint));
    }

    public void forgetAnswered(EndpointId endpoint, String center, long begunAt, Answer answer) {
        add(at -> new Event.ForgetTried(at, endpoint, center, begunAt, answer, false));
    }

    public void forgetUnanswered(EndpointId endpoint, String center, long begunAt, boolean refused) {
        add(at -> new Event.ForgetTried(at, endpoint, center, begunAt, null, refused));
    }

    public void forgetOver(EndpointId endpoint, long begunAt, boolean done) {
        add(at -> new Event.ForgetOver(at, endpoint, begunAt, done));
    }

    // ---- clients ----

    /** A bind that is about to be sent. */
    public Session binding(EndpointId endpoint, String client, String room, long named) {
        return begin(new Session(sessions.incrementAndGet(), endpoint, client, room, named, false));
    }

    /** The start of a client on the SDK, which binds when and where it likes. */
    public Session sdkBinding(EndpointId endpoint, String client) {
        return begin(new Session(sessions.incrementAndGet(), endpoint, client, "anywhere", 0, true));
    }

    private Session begin(Session session) {
        add(at -> new Event.Binding(at, session));
        return session;
    }

    public void bound(Session session, long generation) {
        add(at -> new Event.Bound(at, session, generation));
    }

    public void delivered(Session session, long seq, String messageId, @Nullable Stamp stamp, int qos, long ttlMs) {
        add(at -> new Event.Delivered(at, session, seq, messageId, stamp, qos, ttlMs));
    }

    public void handed(Session session, long seq, String messageId, @Nullable Stamp stamp, boolean maybeRepeated) {
        add(at -> new Event.Handed(at, session, seq, messageId, stamp, maybeRepeated));
    }

    public void ackSent(Session session, long seq) {
        add(at -> new Event.AckSent(at, session, seq));
    }

    public void caughtUp(Session session, long seq) {
        add(at -> new Event.CaughtUp(at, session, seq));
    }

    public void deaf(Session session) {
        add(at -> new Event.Deaf(at, session));
    }

    public void ended(Session session, int code, String how) {
        add(at -> new Event.Ended(at, session, code, how));
    }

    public void forgetting(Session session) {
        add(at -> new Event.Forgot(at, session, false));
    }

    public void forgot(Session session) {
        add(at -> new Event.Forgot(at, session, true));
    }

    // ---- faults and drivers ----

    /** Before anything is done. */
    public void faultBegun(Fault fault) {
        add(at -> new Event.FaultBegun(at, fault));
    }

    /** When all is well again. */
    public void faultEnded(Fault fault) {
        add(at -> new Event.FaultEnded(at, fault));
    }

    public void broken(int promise, String what) {
        add(at -> new Event.Broken(at, promise, what));
    }

    synchronized long add(LongFunction<Event> event) {
        while (waiting.size() >= MOST_WAITING) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the history is full", e);
            }
        }
        long at = clock.getAsLong();
        waiting.add(event.apply(at));
        recorded++;
        return at;
    }

    /** What happened since the last call, in order; it is forgotten here. */
    public List<Event> take() {
        Queue<Event> taken;
        synchronized (this) {
            taken = waiting;
            waiting = new ArrayDeque<>();
            notifyAll();
        }
        return new ArrayList<>(taken);
    }

    /** How many events there were in all. */
    public synchronized long recorded() {
        return recorded;
    }
}
