package io.longline.bench.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Callers that ask again as soon as they are answered: how much there is to be had, with so many at once. */
final class Callers {
    private static final int DIGITS = 3;

    private Callers() {}

    /**
     * What came of a stretch.
     *
     * @param seconds until the last one was answered
     * @param answeredUs microseconds from a call to its answer
     */
    record Answered(int calls, double seconds, Histogram answeredUs) {

        double answeredMs(double percentile) {
            return answeredUs.getValueAtPercentile(percentile) / 1e3;
        }
    }

    /**
     * Returns when all are answered; throws what a call threw.
     *
     * @param call is told its number, from 0 on; none is left out
     */
    static Answered ask(int atOnce, Duration stretch, IntConsumer call) {
        Histogram answered = new ConcurrentHistogram(DIGITS);
        AtomicInteger next = new AtomicInteger();
        long begun = System.nanoTime();
        long end = begun + stretch.toNanos();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                            call.accept(next.getAndIncrement());
                            answered.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - now));
                        }
                    },
                    Thread.ofVirtual()::start));
        }
        CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).join();
        return new Answered(next.get(), (System.nanoTime() - begun) / 1e9, answered);
    }
}
