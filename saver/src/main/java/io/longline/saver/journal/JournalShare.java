package io.longline.saver.journal;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What waits of one durability, in order. A patient row stays for a while, because an ack may make it needless; but not in a
 * share that is half full, nor where somebody is in a hurry. Not safe for threads: {@link JournalQueue} has the lock.
 */
final class JournalShare {
    private final int limit;
    private final long byteLimit;
    private final long lingerNanos;
    private final Deque<Waiting> urgent = new ArrayDeque<>();
    private final Set<Waiting> patient = new LinkedHashSet<>();
    private final Map<Endpoint, Deque<Waiting>> rows = new HashMap<>();
    private int size;
    private int urgentSize;
    private long bytes;
    private long hurried;

    JournalShare(int limit, long byteLimit, long lingerNanos) {
        this.limit = limit;
        this.byteLimit = byteLimit;
        this.lingerNanos = lingerNanos;
    }

    /** False if there is no room. What is larger than the share has room where nothing else is. */
    boolean add(Waiting waiting) {
        if (size > 0 && (size + waiting.size() > limit || bytes + waiting.bytes() > byteLimit)) {
            return false;
        }
        Optional<Row> row = waiting.lone();
        if (row.isPresent() && lingerNanos > 0) {
            patient.add(waiting);
            rows.computeIfAbsent(row.get().endpoint(), endpoint -> new ArrayDeque<>())
                    .add(waiting);
        } else {
            urgent.add(waiting);
            urgentSize += waiting.size();
        }
        size += waiting.size();
        bytes += waiting.bytes();
        return true;
    }

    /** Takes out the patient rows of an endpoint up to a seq; the answer is how many. */
    int cancel(Endpoint endpoint, long upto) {
        Deque<Waiting> ofEndpoint = rows.get(endpoint);
        if (ofEndpoint == null) {
            return 0;
        }
        int cancelled = 0;
        for (Waiting next = ofEndpoint.peek(); next != null && isUpTo(next, upto); next = ofEndpoint.peek()) {
            ofEndpoint.remove();
            patient.remove(next);
            forget(next);
            cancelled++;
        }
        if (ofEndpoint.isEmpty()) {
            rows.remove(endpoint);
        }
        return cancelled;
    }

    private static boolean isUpTo(Waiting waiting, long upto) {
        return waiting.lone().filter(row -> row.seq() <= upto).isPresent();
    }

    /** From now on what came up to this number waits no longer than it must. */
    void hurry(long upto) {
        hurried = Math.max(hurried, upto);
    }

    /** How many entries are to be written now, at least. */
    int due(long nowNanos) {
        return urgentSize + (isPatienceOver(nowNanos, lingerNanos) ? 1 : 0);
    }

    /** Moves what is due to a group, oldest first, as far as it has room. */
    void moveTo(JournalGroup group, long nowNanos) {
        for (Waiting next = urgent.peek(); next != null && group.hasRoomFor(next); next = urgent.peek()) {
            urgent.remove();
            urgentSize -= next.size();
            forget(next);
            group.add(next);
        }
        // Together with the one whose time has come go those that would be the next ones: a few large groups.
        if (!isPatienceOver(nowNanos, lingerNanos)) {
            return;
        }
        while (isPatienceOver(nowNanos, lingerNanos / 2)) {
            Waiting next = patient.iterator().next();
            if (!group.hasRoomFor(next)) {
                return;
            }
            removeOldestPatient(next);
            group.add(next);
        }
    }

    private boolean isPatienceOver(long nowNanos, long patienceNanos) {
        Iterator<Waiting> oldest = patient.iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        Waiting first = oldest.next();
        boolean crowded = size > limit / 2 || bytes > byteLimit / 2;
        return crowded || first.number() <= hurried || nowNanos - first.sinceNanos() >= patienceNanos;
    }

    private void removeOldestPatient(Waiting oldest) {
        patient.remove(oldest);
        Endpoint endpoint = oldest.lone().orElseThrow().endpoint();
        Deque<Waiting> ofEndpoint = rows.get(endpoint);
        if (ofEndpoint != null) {
            ofEndpoint.remove(oldest);
            if (ofEndpoint.isEmpty()) {
                rows.remove(endpoint);
            }
        }
        forget(oldest);
    }

    private void forget(Waiting waiting) {
        size -= waiting.size();
        bytes -= waiting.bytes();
    }

    /** Whether anything is here that came up to this number. */
    boolean holdsUpTo(long number) {
        boolean urgently = !urgent.isEmpty() && urgent.peek().number() <= number;
        return urgently || (!patient.isEmpty() && patient.iterator().next().number() <= number);
    }

    int size() {
        return size;
    }
}
