package io.longline.room.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Sessions that ended a moment ago, for a register that lost their shards: with their binds Redis lost that they had replaced older sessions, and an
 * older one that was not ended by then would have its endpoint again. Each is kept for 90 s after it was noted last; of too many the oldest are
 * left out. Thread-safe.
 */
public final class Departures {
    /** As many as may be there at a time. */
    public static final int LIMIT = 20_000;

    private static final long KEPT_NANOS = Duration.ofSeconds(90).toNanos();

    private final LongSupplier nanoTime;
    private final Deque<Noted> noted = new ArrayDeque<>();

    /** One that has ended. */
    public record Departure(Endpoint endpoint, long generation) {}

    private record Noted(Departure departure, long atNanos) {}

    public Departures() {
        this(System::nanoTime);
    }

    Departures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** It has ended; to be noted again as long as the register was not told. */
    public synchronized void note(Endpoint endpoint, long generation) {
        forgetOld();
        if (noted.size() == LIMIT) {
            noted.remove();
        }
        noted.add(new Noted(new Departure(endpoint, generation), nanoTime.getAsLong()));
    }

    /** Those of these shards. */
    public synchronized List<Departure> of(Set<Integer> shards) {
        forgetOld();
        return noted.stream()
                .map(Noted::departure)
                .filter(departure -> shards.contains((int) departure.endpoint().key()))
                .toList();
    }

    public synchronized int size() {
        return noted.size();
    }

    private void forgetOld() {
        long now = nanoTime.getAsLong();
        while (!noted.isEmpty() && now - noted.element().atNanos() > KEPT_NANOS) {
            noted.remove();
        }
    }
}
