package io.longline.room.fake;

import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.PriorityQueue;

/** A loop whose time and turn the test decides. */
public final class TestLoop implements Loop {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nowMs;
    private long given;

    private record Task(long atMs, long number, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return atMs != other.atMs ? Long.compare(atMs, other.atMs) : Long.compare(number, other.number);
        }
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public void execute(Runnable task) {
        later(Duration.ZERO, task);
    }

    @Override
    public void later(Duration delay, Runnable task) {
        tasks.add(new Task(nowMs + delay.toMillis(), given++, task));
    }

    @Override
    public void afterOthers(Runnable task) {
        execute(task);
    }

    @Override
    public void every(Duration period, Runnable task) {
        later(period, () -> {
            task.run();
            every(period, task);
        });
    }

    public long nowMs() {
        return nowMs;
    }

    /** Runs everything that is due within so much time, which passes. */
    public void run(Duration time) {
        long end = nowMs + time.toMillis();
        for (Task next = tasks.peek(); next != null && next.atMs <= end; next = tasks.peek()) {
            tasks.remove(next);
            nowMs = Math.max(nowMs, next.atMs);
            next.work.run();
        }
        nowMs = end;
    }

    /** Runs what is due now. */
    public void run() {
        run(Duration.ZERO);
    }
}
