package io.longline.saver.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Entries that wait to be written, in order; bounded by number and by bytes. What is full refuses. */
final class JournalQueue {
    private final int limit;
    private final long byteLimit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Deque<Waiting> entries = new ArrayDeque<>();
    private long bytes;
    private long taken;

    JournalQueue(int limit, long byteLimit) {
        this.limit = limit;
        this.byteLimit = byteLimit;
    }

    /** An entry, and who waits for it. */
    record Waiting(JournalEntry entry, CompletableFuture<@Nullable Void> committed) {}

    /** False if there is no room. */
    boolean offer(Waiting waiting) {
        lock.lock();
        try {
            if (entries.size() >= limit || bytes + waiting.entry().bytes() > byteLimit) {
                return false;
            }
            entries.add(waiting);
            bytes += waiting.entry().bytes();
            taken++;
            added.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next entries; none if none came in that time. */
    List<Waiting> take(int most, long mostBytes, Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (entries.isEmpty() && left > 0) {
                left = added.awaitNanos(left);
            }
            List<Waiting> group = new ArrayList<>();
            long size = 0;
            for (Waiting next = entries.peek();
                    next != null
                            && group.size() < most
                            && (group.isEmpty() || size + next.entry().bytes() <= mostBytes);
                    next = entries.peek()) {
                group.add(entries.remove());
                size += next.entry().bytes();
            }
            bytes -= size;
            return group;
        } finally {
            lock.unlock();
        }
    }

    int depth() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many entries it has ever taken. */
    long taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    int limit() {
        return limit;
    }
}
