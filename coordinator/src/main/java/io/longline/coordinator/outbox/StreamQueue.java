package io.longline.coordinator.outbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one stream, and in which order it may go: of an endpoint only one batch is under way at a time, in the order in which it
 * came, and after a failure nothing until its pause is over; others go on meanwhile. A batch that was refused goes again at once in parts,
 * and batches of those that have failed several times are small, so that one event which the back end cannot take ends up alone. Used by
 * one thread.
 */
final class StreamQueue {
    static final int MOST_EVENTS = 100;
    static final long MOST_BYTES = 1 << 20;
    /** Into so many what was refused is cut: a hundred events are single ones after two rounds. */
    private static final int PARTS = 10;

    private static final int FAILURES_AT_FULL_SIZE = 2;
    private static final int MOST_DOUBLINGS = 30;

    private final OutboxConfig.Retries retries;
    private final RandomGenerator random;
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final Deque<Endpoint> ready = new ArrayDeque<>();
    private final PriorityQueue<Endpoint> pausing = new PriorityQueue<>(Comparator.comparingLong(e -> e.dueMs));
    private int size;

    private static final class Endpoint {
        final Deque<Ref> waiting = new ArrayDeque<>(1);
        boolean underWay;
        int failures;
        /** Of the last one; empty: there was none. */
        String why = "";
        /** The last event that was tried in it. */
        long triedSeq;
        /** How many events may go with the next one; less than usual after a refusal. */
        int together = MOST_EVENTS;

        long dueMs;
        /** After it could not be buried: it is tried once more before the next attempt. */
        long unburiedUntilMs;

        int limit() {
            return Math.min(together, limitAfter(failures));
        }
    }

    StreamQueue(OutboxConfig.Retries retries, RandomGenerator random) {
        this.retries = retries;
        this.random = random;
    }

    /** Later than all that was added before. */
    void add(Ref ref) {
        Endpoint endpoint = endpoints.computeIfAbsent(ref.endpoint(), _ -> new Endpoint());
        boolean idle = endpoint.waiting.isEmpty() && !endpoint.underWay;
        endpoint.waiting.add(ref);
        size++;
        if (idle) {
            ready.add(endpoint);
        }
    }

    /** With what is under way. */
    int size() {
        return size;
    }

    boolean isReady(long nowMs) {
        wake(nowMs);
        return !ready.isEmpty();
    }

    /** When the first pause ends; {@link Long#MAX_VALUE}: there is none. */
    long nextDueMs() {
        Endpoint first = pausing.peek();
        return first == null ? Long.MAX_VALUE : first.dueMs;
    }

    /**
     * What goes together.
     *
     * @param joins whether other shards' may go with it: none of it is suspected of being what a back end cannot take
     */
    record Next(List<Ref> refs, boolean joins) {}

    /** What goes next, under way from now on; empty: nothing may. */
    Next next(long nowMs) {
        wake(nowMs);
        Batch batch = new Batch();
        Iterator<Endpoint> candidates = ready.iterator();
        while (candidates.hasNext() && batch.hasRoom()) {
            Endpoint endpoint = candidates.next();
            if (batch.takeFrom(endpoint)) {
                endpoint.underWay = true;
                candidates.remove();
            }
        }
        return new Next(batch.refs, batch.limit == MOST_EVENTS);
    }

    private void wake(long nowMs) {
        for (Endpoint first = pausing.peek(); first != null && first.dueMs <= nowMs; first = pausing.peek()) {
            pausing.remove();
            ready.add(first);
        }
    }

    /** The back end has them. */
    void done(List<Ref> batch) {
        size -= batch.size();
        endpointsOf(batch).forEach(this::goOn);
    }

    /** With what is behind. */
    private void goOn(String name) {
        Endpoint endpoint = endpoints.get(name);
        if (endpoint != null) {
            endpoint.underWay = false;
            endpoint.failures = 0;
            endpoint.why = "";
            endpoint.triedSeq = 0;
            endpoint.together = MOST_EVENTS;
            if (endpoint.waiting.isEmpty()) {
                endpoints.remove(name);
            } else {
                ready.add(endpoint);
            }
        }
    }

    /** The back end did not take them, for some reason: they wait, longer each time. */
    void failed(List<Ref> batch, String why, long nowMs) {
        giveBack(batch);
        for (String name : endpointsOf(batch)) {
            Endpoint endpoint = endpoints.get(name);
            if (endpoint != null) {
                endpoint.failures++;
                endpoint.why = why;
                endpoint.unburiedUntilMs = 0;
                endpoint.triedSeq = 0;
                pause(endpoint, nowMs + pauseMs(endpoint.failures));
            }
        }
        for (Ref ref : batch) {
            Endpoint endpoint = endpoints.get(ref.endpoint());
            if (endpoint != null) {
                endpoint.triedSeq = Math.max(endpoint.triedSeq, ref.seq());
            }
        }
    }

    /** The back end is there and did not take them: who is alone waits, longer each time; of others the parts go at once. */
    void refused(List<Ref> batch, String why, long nowMs) {
        int part = partOf(batch.size());
        List<Endpoint> refused = endpointsOf(batch).stream()
                .map(endpoints::get)
                .filter(Objects::nonNull)
                .toList();
        refused.forEach(endpoint -> endpoint.together = part);
        if (batch.size() == 1) {
            failed(batch, why, nowMs);
            return;
        }
        giveBack(batch);
        refused.forEach(endpoint -> endpoint.underWay = false);
        ready.addAll(refused);
    }

    /** The back end was not asked. */
    void postponed(List<Ref> batch, long untilMs) {
        giveBack(batch);
        endpointsOf(batch).forEach(name -> pause(endpoints.get(name), untilMs));
    }

    /**
     * What is to be tried no more.
     *
     * @param refs under way from now on; as many as may go together
     * @param why it failed the last time, all of it; empty: it was not tried
     */
    record Overdue(List<Ref> refs, String why) {}

    /**
     * What came before a seq.
     *
     * @param untriedToo not only what was in the last try of its endpoint, which failed
     */
    Overdue overdue(long beforeSeq, boolean untriedToo, long nowMs) {
        Batch batch = new Batch();
        String why = "";
        for (Endpoint endpoint : endpoints.values()) {
            long before = untriedToo ? beforeSeq : Math.min(beforeSeq, endpoint.triedSeq + 1);
            boolean mayGo = !endpoint.underWay && endpoint.unburiedUntilMs <= nowMs;
            boolean fits = batch.refs.isEmpty() || endpoint.why.equals(why);
            if (mayGo && fits && batch.takeFrom(endpoint, before)) {
                why = endpoint.why;
                endpoint.underWay = true;
                ready.remove(endpoint);
                pausing.remove(endpoint);
            }
            if (!batch.hasRoom()) {
                break;
            }
        }
        return new Overdue(batch.refs, why);
    }

    /** Of what was overdue some is kept elsewhere, and some is tried on. */
    void buried(List<Ref> buried, List<Ref> left, String why, long nowMs) {
        failed(left, why, nowMs);
        size -= buried.size();
        List<String> waiting = endpointsOf(left);
        for (String name : waiting) {
            Endpoint endpoint = Objects.requireNonNull(endpoints.get(name));
            endpoint.unburiedUntilMs = nowMs + 2 * (endpoint.dueMs - nowMs);
        }
        endpointsOf(buried).stream().filter(name -> !waiting.contains(name)).forEach(this::goOn);
    }

    private void giveBack(List<Ref> batch) {
        for (Ref ref : batch.reversed()) {
            Endpoint endpoint = endpoints.get(ref.endpoint());
            if (endpoint != null) {
                endpoint.waiting.addFirst(ref);
            }
        }
    }

    private void pause(@Nullable Endpoint endpoint, long untilMs) {
        if (endpoint != null) {
            endpoint.underWay = false;
            endpoint.dueMs = untilMs;
            pausing.add(endpoint);
        }
    }

    private long pauseMs(int failures) {
        long doubled = retries.first().toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
        long whole = doubled <= 0
                ? retries.most().toMillis()
                : Math.min(doubled, retries.most().toMillis());
        return whole - random.nextLong(Math.max(1, whole / 2));
    }

    private static List<String> endpointsOf(List<Ref> batch) {
        return batch.stream().map(Ref::endpoint).distinct().toList();
    }

    /** How many of so many go together when all of them were refused. */
    static int partOf(int refused) {
        return (refused + PARTS - 1) / PARTS;
    }

    static int limitAfter(int failures) {
        int halvings = Math.max(0, failures - FAILURES_AT_FULL_SIZE);
        return Math.max(1, MOST_EVENTS >> Math.min(halvings, Integer.SIZE - 1));
    }

    /** One that is being put together: of endpoints that have failed equally often, as far as that matters. */
    private static final class Batch {
        final List<Ref> refs = new ArrayList<>();
        private int limit = MOST_EVENTS;
        private long bytes;

        boolean hasRoom() {
            return refs.size() < limit && bytes < MOST_BYTES;
        }

        /** Whether anything of it was taken. */
        boolean takeFrom(Endpoint endpoint) {
            int itsLimit = endpoint.limit();
            if (refs.isEmpty()) {
                limit = itsLimit;
            } else if (itsLimit != limit) {
                return false;
            }
            return takeFrom(endpoint, Long.MAX_VALUE);
        }

        /** What came before a seq. */
        boolean takeFrom(Endpoint endpoint, long beforeSeq) {
            int before = refs.size();
            for (Ref ref = endpoint.waiting.peek();
                    ref != null && ref.seq() < beforeSeq && fits(ref);
                    ref = endpoint.waiting.peek()) {
                refs.add(endpoint.waiting.remove());
                bytes += ref.size();
            }
            return refs.size() > before;
        }

        private boolean fits(Ref ref) {
            return refs.isEmpty() || (refs.size() < limit && bytes + ref.size() <= MOST_BYTES);
        }
    }
}
