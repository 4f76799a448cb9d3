package io.longline.bench.measure;

import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How evenly something came.
 *
 * @param mostInASecond the most that came within any second, whichever is looked at
 * @param perSecond from the first to the last; 0 where they came at once
 */
public record Pacing(long mostInASecond, double perSecond) {
    private static final long SECOND_US = 1_000_000;

    private record Came(long atUs, long count) {}

    /**
     * Of many arrivals.
     *
     * @param arrivedUs when each came, in microseconds from one moment on; as fine as the histogram is, half a millisecond at 8 s with four digits
     */
    public static Pacing of(Histogram arrivedUs) {
        Deque<Came> within = new ArrayDeque<>();
        long sum = 0;
        long most = 0;
        for (HistogramIterationValue value : arrivedUs.recordedValues()) {
            Came came = new Came(value.getValueIteratedTo(), value.getCountAtValueIteratedTo());
            within.add(came);
            sum += came.count;
            while (came.atUs - within.getFirst().atUs >= SECOND_US) {
                sum -= within.removeFirst().count;
            }
            most = Math.max(most, sum);
        }
        return new Pacing(most, mean(arrivedUs));
    }

    private static double mean(Histogram arrivedUs) {
        long count = arrivedUs.getTotalCount();
        double seconds = count == 0 ? 0 : (arrivedUs.getMaxValue() - arrivedUs.getMinValue()) / 1e6;
        return seconds > 0 ? (count - 1) / seconds : 0;
    }

    /** How far that is above a pace, in percent; negative: below. */
    public static double percentAbove(double reached, double set) {
        return 100 * (reached - set) / set;
    }
}
