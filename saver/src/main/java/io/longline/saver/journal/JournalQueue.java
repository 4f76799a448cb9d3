package io.longline.saver.journal;

import io.longline.keeper.product.Durability;
import io.longline.saver.endpoint.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Entries that wait to be written. Each durability has a share of its own, bounded by number and by bytes, and half of each
 * group as far as it needs it: neither can fill the queue or keep the writer busy at the cost of the other. A full share
 * refuses.
 */
final class JournalQueue {
    private final int limit;
    private final LongSupplier nanoClock;
    private final JournalShare careful;
    private final JournalShare fast;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awaited = lock.newCondition();
    private List<Waiting> inWork = List.of();
    /** The writer sleeps until so many entries are due. */
    private int wanted = 1;

    private long added;

    /**
     * Creates an empty one.
     *
     * @param limit entries of each durability
     * @param byteLimit of them
     * @param linger how long a message that nobody waits for may wait for its ack
     */
    JournalQueue(int limit, long byteLimit, Duration linger, LongSupplier nanoClock) {
        this.limit = limit;
        this.nanoClock = nanoClock;
        this.careful = new JournalShare(limit, byteLimit, 0);
        this.fast = new JournalShare(limit, byteLimit, linger.toNanos());
    }

    /** Empty if there is no room. */
    Optional<Waiting> offer(Durability durability, List<JournalEntry> entries) {
        lock.lock();
        try {
            Waiting waiting = new Waiting(entries, added + 1, nanoClock.getAsLong());
            JournalShare share = share(durability);
            if (!share.add(waiting)) {
                return Optional.empty();
            }
            added++;
            if (careful.due(waiting.sinceNanos()) + fast.due(waiting.sinceNanos()) >= wanted) {
                awaited.signal();
            }
            return Optional.of(waiting);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next entries; none if none were due in that time. They count as waiting until {@link #done}.
     *
     * @param gather how long it may wait for a group to become full
     */
    List<Waiting> take(int most, long mostBytes, Duration time, Duration gather) throws InterruptedException {
        lock.lock();
        try {
            awaitDue(1, time);
            if (due() > 0) {
                awaitDue(most, gather);
            }
            JournalGroup group = new JournalGroup();
            long now = nanoClock.getAsLong();
            careful.moveTo(group.upTo(most / 2, mostBytes / 2), now);
            fast.moveTo(group.upTo(most, mostBytes), now);
            careful.moveTo(group, now);
            inWork = group.waiting();
            return inWork;
        } finally {
            lock.unlock();
        }
    }

    private void awaitDue(int entries, Duration time) throws InterruptedException {
        wanted = entries;
        long left = time.toNanos();
        while (due() < entries && left > 0) {
            left = awaited.awaitNanos(left);
        }
        wanted = 1;
    }

    private int due() {
        long now = nanoClock.getAsLong();
        return careful.due(now) + fast.due(now);
    }

    /** What was taken last is written. */
    void done() {
        lock.lock();
        try {
            inWork = List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Takes out the messages of an endpoint up to a seq that nobody waits for; the answer is how many. */
    int cancel(Endpoint endpoint, long upto) {
        lock.lock();
        try {
            return fast.cancel(endpoint, upto);
        } finally {
            lock.unlock();
        }
    }

    /** What is here is written as soon as can be; the answer is the number of the last one, for {@link #isWritten}. */
    long hurry() {
        lock.lock();
        try {
            fast.hurry(added);
            awaited.signal();
            return added;
        } finally {
            lock.unlock();
        }
    }

    boolean isWritten(long upto) {
        lock.lock();
        try {
            return !careful.holdsUpTo(upto)
                    && !fast.holdsUpTo(upto)
                    && inWork.stream().noneMatch(waiting -> waiting.number() <= upto);
        } finally {
            lock.unlock();
        }
    }

    int depth(Durability durability) {
        lock.lock();
        try {
            return share(durability).size();
        } finally {
            lock.unlock();
        }
    }

    int depth() {
        return depth(Durability.MYSQL) + depth(Durability.REDIS);
    }

    /** Of each durability. */
    int limit() {
        return limit;
    }

    private JournalShare share(Durability durability) {
        return durability == Durability.MYSQL ? careful : fast;
    }
}
