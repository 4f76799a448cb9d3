package io.longline.bench.failure;

import java.time.Duration;
import java.util.Arrays;

/** When something happened, again and again; by {@link System#nanoTime}. Safe for use by many threads. */
final class Timeline {
    private static final int FIRST_SIZE = 1024;

    private long[] times = new long[FIRST_SIZE];
    private int size;

    /** A stretch without any. */
    record Gap(long from, long to) {

        Duration length() {
            return Duration.ofNanos(to - from);
        }
    }

    synchronized void add(long time) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
        }
        times[size++] = time;
    }

    /** The longest gap that touches a stretch of time; one that is still open ends with it. */
    synchronized Gap longestGap(long from, long to) {
        Gap longest = new Gap(from, from);
        for (Gap gap : gaps(from, to)) {
            longest = gap.length().compareTo(longest.length()) > 0 ? gap : longest;
        }
        return longest;
    }

    /** When the last gap of at least that length was over; {@code from} where there is none. */
    synchronized long endOfLastGap(long from, long to, Duration atLeast) {
        long end = from;
        for (Gap gap : gaps(from, to)) {
            if (gap.length().compareTo(atLeast) >= 0) {
                end = gap.to();
            }
        }
        return end;
    }

    /** From the last time before {@code from} on. */
    private Gap[] gaps(long from, long to) {
        long[] sorted = Arrays.copyOf(times, size);
        Arrays.sort(sorted);
        int first = 0;
        while (first < sorted.length && sorted[first] < from) {
            first++;
        }
        int end = first;
        while (end < sorted.length && sorted[end] <= to) {
            end++;
        }
        Gap[] gaps = new Gap[end - first + 1];
        long last = first == 0 ? from : sorted[first - 1];
        for (int i = first; i < end; i++) {
            gaps[i - first] = new Gap(last, sorted[i]);
            last = sorted[i];
        }
        gaps[gaps.length - 1] = new Gap(last, Math.max(last, to));
        return gaps;
    }
}
