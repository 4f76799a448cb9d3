package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is known of one endpoint: its sessions, what it has finished with, and whether it is known at all. */
final class EndpointCase {
    private static final int MOST_EVENTS = 600;
    private static final int MOST_SESSIONS = 64;

    /** A device is forgotten after its session has ended, in the background: by then it is, unless a fault was in the way. */
    private static final long FORGETTING = TimeUnit.SECONDS.toNanos(35);

    /** So long after the last attempt one that was not answered may still be carried out, by a center that was stopped. */
    private static final long LATE_FORGETTING = TimeUnit.SECONDS.toNanos(75);

    final EndpointId id;
    final Deque<Event> events = new ArrayDeque<>();
    private final Map<Integer, SessionCase> sessions = new LinkedHashMap<>();

    private final TakenAcks acks = new TakenAcks(FaultLog.JOURNALED_AFTER);

    /** Bound, and not asked to be forgotten since. */
    private boolean known;

    /** It tried to bind, and what was for whichever device comes may be with it, also where it never heard the answer. */
    private boolean everCame;

    /** It cannot have come before; -1: it never came. */
    private long firstCameAt = -1;

    private long knownSince;

    /** Redis lost a device that the journal may never have been told of; so it may be until it binds again. */
    private boolean unsure;

    /** What was sent until then may have been sent while it was not known. */
    private long unsureUntil = -1;

    /** What was sent until then may be gone with the device. */
    private long forgottenUntil = -1;

    /** When it was asked to be forgotten, as long as it is not bound again; -1: it was not. */
    private long forgetAsked = -1;

    /** Back ends that are having it forgotten now. */
    private int forgettersOpen;

    /** Some attempt of theirs may be carried out later than it was answered. */
    private boolean forgetDoubtful;

    /** Until then a back end may have had it forgotten, whatever it bound meanwhile. */
    private long forgetterUntil = -1;

    /** Since when it certainly is known. */
    private long certainSince;

    /** When its last session ended that is over; the SDK says only afterwards that the next one has begun. */
    private long lastEnd;

    /** The highest seq that the SDK handed to its app. */
    long handed;

    EndpointCase(EndpointId id) {
        this.id = id;
    }

    void note(Event event) {
        events.add(event);
        if (events.size() > MOST_EVENTS) {
            events.remove();
        }
    }

    SessionCase begin(Event.Binding binding) {
        firstCameAt = everCame ? firstCameAt : knownFrom(binding);
        everCame = true;
        SessionCase session =
                new SessionCase(binding.session(), binding.at(), knownFrom(binding), acks.hard(), taken());
        sessions.put(binding.session().number(), session);
        if (sessions.size() > MOST_SESSIONS) {
            sessions.values().stream()
                    .filter(each -> !each.isOpen())
                    .findFirst()
                    .ifPresent(oldest -> sessions.remove(oldest.session.number()));
        }
        return session;
    }

    /** Also one that was forgotten here: it begins anew, and nothing is held against it. */
    SessionCase session(Event.Session session, long at) {
        return sessions.computeIfAbsent(
                session.number(), number -> new SessionCase(session, at, 0, acks.hard(), taken()));
    }

    private long knownFrom(Event.Binding binding) {
        return binding.session().sdk() ? lastEnd : binding.at();
    }

    void sessionEnded(long at) {
        lastEnd = at;
    }

    long lastEnd() {
        return lastEnd;
    }

    Stream<SessionCase> sessions() {
        return sessions.values().stream();
    }

    boolean everCame() {
        return everCame;
    }

    long firstCameAt() {
        return firstCameAt;
    }

    /** Whether the newest of its sessions has been there, reading, since a moment. */
    boolean hasLive(long since) {
        return sessions().anyMatch(session -> session.isLive() && session.boundAt < since);
    }

    // ---- what it has finished with ----

    /** The saver took an ack of all up to {@code seq}. */
    void take(long seq, long at) {
        acks.take(seq, at);
    }

    /** All up to here was acknowledged and taken. */
    long taken() {
        return acks.taken();
    }

    /** Acks that are in the journal by now stay, whatever Redis loses. */
    void harden(FaultLog faults, long now) {
        acks.harden(faults, now);
    }

    /** Redis lost what it knew: later acks may be undone. */
    void soften(FaultLog faults, long now) {
        acks.soften(faults, now);
        unsure |= known && faults.mayBeUnjournaled(knownSince, now);
        sessions().forEach(SessionCase::soften);
    }

    // ---- whether it is known ----

    void bound(FaultLog faults, long begunAt, long at) {
        if (unsure) {
            unsureUntil = at;
        }
        if (forgettingTakesLonger(faults)) {
            forgottenUntil = Math.max(forgottenUntil, at);
        }
        forgetAsked = -1;
        if (isBeingForgotten(begunAt)) {
            return; // perhaps before it was forgotten, so nobody knows
        }
        if (!known || unsure) {
            knownSince = begunAt;
        }
        certainSince = known ? certainSince : at;
        known = true;
        unsure = faults.isRedisLost() && faults.mayBeUnjournaled(knownSince, at);
    }

    void forget(Event.Forgot event) {
        known = false;
        forgetAsked = event.at();
        forgottenUntil = event.at() + FORGETTING;
    }

    void forgetterBegun() {
        known = false;
        forgettersOpen++;
    }

    void forgetterDoubts() {
        forgetDoubtful = true;
    }

    void forgetterOver(long at) {
        known = false;
        forgettersOpen--;
        forgetterUntil = Math.max(forgetterUntil, forgetDoubtful ? at + LATE_FORGETTING : at);
        forgetDoubtful &= forgettersOpen > 0;
    }

    boolean isForgetDoubtful() {
        return forgetDoubtful;
    }

    private boolean isBeingForgotten(long at) {
        return forgettersOpen > 0 || at <= forgetterUntil;
    }

    /** Whether a session that was begun then may be ended, as a back end had its device forgotten. */
    boolean mayBeEndedFor(long begunAt) {
        return isBeingForgotten(begunAt);
    }

    boolean isKnown() {
        return known;
    }

    boolean isKnownSince(long at) {
        return known && certainSince <= at;
    }

    /**
     * Whether a device of a product whose messages Redis alone keeps may have been unknown at some moment from then on: such a one is
     * bound also while MySQL takes nothing.
     */
    boolean mayBeUnknown(long sentAt) {
        return unsure || sentAt <= unsureUntil;
    }

    /** Whether what was sent from then on may have gone with a device that was forgotten. */
    boolean mayForget(FaultLog faults, long sentAt) {
        return sentAt <= forgottenUntil || isBeingForgotten(sentAt) || forgettingTakesLonger(faults);
    }

    /** Rooms try it again at growing distances until it is done, or the device bound anew. */
    private boolean forgettingTakesLonger(FaultLog faults) {
        return forgetAsked >= 0 && faults.anyBetween(forgetAsked, forgetAsked + FORGETTING);
    }
}
