package io.longline.center.sweep;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.Route;
import io.longline.center.unicast.Hint;
import io.longline.center.unicast.RoomClient;
import io.longline.center.unicast.SaverClient;
import io.longline.center.unicast.UnicastOutcome;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The hints of the sweep, on a thread for each room that nobody waits for: a room that does not answer holds up its own. What it did not
 * answer is put aside for a moment, so that the sweep looks at others meanwhile.
 */
public final class RoomHints implements AutoCloseable {
    /** At once to a room: few enough to leave pushes their share. */
    private static final int CHUNK = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration ASIDE = Duration.ofSeconds(1);
    /** Beyond, an endpoint is looked at again at once, which costs work and nothing else. */
    private static final int MOST_ASIDE = 100_000;

    private final RoomClient room;
    private final SaverClient saver;
    private final CenterMetrics metrics;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** Rooms that are being told. */
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    /** Until when. */
    private final Map<Endpoint, Long> aside = new ConcurrentHashMap<>();

    public RoomHints(RoomClient room, SaverClient saver, CenterMetrics metrics) {
        this.room = room;
        this.saver = saver;
        this.metrics = metrics;
    }

    /** What waits for a hint, and where it is. */
    record Found(Unsent unsent, Route route) {}

    /** What was put aside long enough ago is not any more. */
    void clearAside() {
        long now = System.nanoTime();
        aside.values().removeIf(until -> until - now <= 0);
    }

    /** Its room did not answer just now. */
    boolean isAside(Unsent unsent) {
        return aside.containsKey(unsent.endpoint());
    }

    /** Does not wait. A room that is still being told of others is left for the next round. */
    void hint(String name, List<Found> found, Lease lease) {
        if (busy.add(name)) {
            threads.execute(() -> {
                try {
                    hintAll(found, lease);
                } finally {
                    busy.remove(name);
                }
            });
        }
    }

    private void hintAll(List<Found> found, Lease lease) {
        for (int from = 0; from < found.size(); from += CHUNK) {
            if (!hintSome(found.subList(from, Math.min(from + CHUNK, found.size())), lease)) {
                found.subList(from, found.size()).forEach(left -> putAside(left.unsent()));
                return;
            }
        }
    }

    /** Whether the room answered any. The time begins before the lease is asked, so a process that is stopped in between sends nothing. */
    private boolean hintSome(List<Found> chunk, Lease lease) {
        Deadline deadline = Deadline.after(PATIENCE);
        if (!lease.valid()) {
            return false;
        }
        List<CompletableFuture<UnicastOutcome>> handed = chunk.stream()
                .map(found -> room.handOver(
                        new Hint(found.unsent().endpoint(), found.unsent().seq(), 0, null), found.route(), deadline))
                .toList();
        boolean answered = false;
        for (int i = 0; i < chunk.size(); i++) {
            UnicastOutcome outcome = handed.get(i).join();
            metrics.handedOver(outcome);
            Unsent unsent = chunk.get(i).unsent();
            switch (outcome) {
                case UnicastOutcome.Written(), UnicastOutcome.Waiting() ->
                    saver.settled(unsent.endpoint(), unsent.seq(), deadline);
                case UnicastOutcome.Unknown() -> putAside(unsent);
                default -> {} // It comes again with the next round.
            }
            answered |= !(outcome instanceof UnicastOutcome.Unknown);
        }
        return answered;
    }

    private void putAside(Unsent unsent) {
        if (aside.size() < MOST_ASIDE) {
            aside.put(unsent.endpoint(), System.nanoTime() + ASIDE.toNanos());
        }
    }

    /** Stops at once; what is not settled comes again. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
