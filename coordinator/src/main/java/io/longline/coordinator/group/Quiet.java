package io.longline.coordinator.group;

import io.longline.coordinator.outbox.Stream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Groups of which it is known that no shard has anything for them, until something comes in here, or elsewhere, or is due, or the time for a look
 * has come. Any thread.
 */
final class Quiet {
    private static final int MOST = 10_000;

    private final Duration longest;
    private final Map<String, Map<String, Known>> byStream = new ConcurrentHashMap<>();
    private final AtomicInteger noted = new AtomicInteger();

    /** @param stirred as it was before the look */
    private record Known(String stirred, long untilNanos) {}

    /** @param longest without a look */
    Quiet(Duration longest) {
        this.longest = longest;
    }

    boolean is(Group group, String stirred) {
        Map<String, Known> groups = byStream.get(group.stream(0).name());
        Known known = groups == null ? null : groups.get(group.name());
        return known != null && known.stirred.equals(stirred) && System.nanoTime() - known.untilNanos < 0;
    }

    /** All was looked at, and there was nothing before so much time is over. */
    void note(Group group, String stirred, Duration until) {
        if (noted.incrementAndGet() > MOST) { // of groups that nobody pulls for any more, mostly
            byStream.clear();
            noted.set(0);
        }
        Duration most = until.compareTo(longest) < 0 ? until : longest;
        byStream.computeIfAbsent(group.stream(0).name(), _ -> new ConcurrentHashMap<>())
                .put(group.name(), new Known(stirred, System.nanoTime() + most.toNanos()));
    }

    /** Something has come in. */
    void wake(Stream stream) {
        byStream.remove(stream.name());
    }
}
