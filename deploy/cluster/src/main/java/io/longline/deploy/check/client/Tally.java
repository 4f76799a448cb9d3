package io.longline.deploy.check.client;

import io.longline.deploy.check.history.Answer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts of a run, and how long answers took. Any thread. */
public final class Tally {
    /** Sixteen steps to each doubling, from one microsecond up. */
    private static final int STEPS = 16;

    private static final int DOUBLINGS = 40;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicLongArray latencies = new AtomicLongArray(STEPS * DOUBLINGS);
    private final AtomicLong slowest = new AtomicLong();

    public void count(String what) {
        counts.computeIfAbsent(what, name -> new LongAdder()).increment();
    }

    /** An answer, by its status and reason. */
    void count(String what, Answer answer) {
        String reason = answer.error() == null ? "" : " " + answer.error().reason();
        count(what + answer.status() + reason);
    }

    /** How often something was counted. */
    public long sum(String... whats) {
        long sum = 0;
        for (String what : whats) {
            LongAdder adder = counts.get(what);
            sum += adder == null ? 0 : adder.sum();
        }
        return sum;
    }

    /** One answer of success. */
    public void latency(long nanos) {
        slowest.accumulateAndGet(nanos, Math::max);
        latencies.incrementAndGet(bucket(nanos));
    }

    private static int bucket(long nanos) {
        double doublings = Math.log(Math.max(1.0, nanos / 1_000.0)) / Math.log(2);
        return (int) Math.min(STEPS * DOUBLINGS - 1L, Math.round(doublings * STEPS));
    }

    /** Milliseconds within which this share of the answers came; 0 where there was none. */
    public double percentileMs(double share) {
        long all = 0;
        for (int i = 0; i < latencies.length(); i++) {
            all += latencies.get(i);
        }
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int i = 0; i < latencies.length() && all > 0; i++) {
            seen += latencies.get(i);
            if (seen >= wanted) {
                return Math.pow(2, i / (double) STEPS) / 1_000;
            }
        }
        return 0;
    }

    public long slowestMs() {
        return TimeUnit.NANOSECONDS.toMillis(slowest.get());
    }

    /** Everything that was counted, by name. */
    public Map<String, Long> counts() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((name, adder) -> sums.put(name, adder.sum()));
        return sums;
    }
}
