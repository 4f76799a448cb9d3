package io.longline.center.sweep;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Location;
import io.longline.center.endpoint.Route;
import io.longline.center.result.Status;
import io.longline.center.unicast.Hint;
import io.longline.center.unicast.RegisterClient;
import io.longline.center.unicast.RoomClient;
import io.longline.center.unicast.SaverClient;
import io.longline.center.unicast.UnicastOutcome;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One round over all shards: the endpoints whose hints may have been lost are located and hinted at again, without the message, which
 * the room loads. Each room gets its own thread and second, so that one that does not answer costs the others nothing. What is not
 * settled here comes again with the next round.
 */
public final class SweepRound {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** At once, to register and to a room: few enough to leave pushes their share of the queues. */
    private static final int CHUNK = 200;

    private final UnsentClient unsent;
    private final RegisterClient register;
    private final RoomClient room;
    private final SaverClient saver;
    private final Duration olderThan;
    private final CenterMetrics metrics;

    public SweepRound(
            UnsentClient unsent,
            RegisterClient register,
            RoomClient room,
            SaverClient saver,
            Duration olderThan,
            CenterMetrics metrics) {
        this.unsent = unsent;
        this.register = register;
        this.room = room;
        this.saver = saver;
        this.olderThan = olderThan;
        this.metrics = metrics;
    }

    private record Found(Unsent unsent, Route route) {}

    /** How many endpoints it found. */
    int run() {
        List<Unsent> all = unsent.unsent(olderThan, Deadline.after(PATIENCE));
        Map<String, List<Found>> byRoom = locate(all);
        try (ExecutorService rooms = Executors.newVirtualThreadPerTaskExecutor()) {
            byRoom.values().forEach(found -> rooms.execute(() -> hint(found, Deadline.after(PATIENCE))));
        }
        return all.size();
    }

    private Map<String, List<Found>> locate(List<Unsent> all) {
        Map<String, List<Found>> byRoom = new HashMap<>();
        for (List<Unsent> chunk : chunks(all)) {
            List<Location> locations =
                    register.locate(chunk.stream().map(Unsent::endpoint).toList(), Deadline.after(PATIENCE));
            for (int i = 0; i < chunk.size(); i++) {
                switch (locations.get(i)) {
                    case Location.Online(Route route) ->
                        byRoom.computeIfAbsent(route.place().room(), name -> new ArrayList<>())
                                .add(new Found(chunk.get(i), route));
                    case Location.Offline() -> settle(chunk.get(i));
                    case Location.Unknown() -> {}
                }
            }
        }
        return byRoom;
    }

    private void hint(List<Found> ofOneRoom, Deadline deadline) {
        for (List<Found> chunk : chunks(ofOneRoom)) {
            List<CompletableFuture<UnicastOutcome>> handed = chunk.stream()
                    .map(found -> room.handOver(
                            new Hint(found.unsent().endpoint(), found.unsent().seq(), 0, null),
                            found.route(),
                            deadline))
                    .toList();
            for (int i = 0; i < chunk.size(); i++) {
                UnicastOutcome outcome = handed.get(i).join();
                metrics.handedOver(outcome);
                if (outcome instanceof UnicastOutcome.Written || outcome instanceof UnicastOutcome.Waiting) {
                    settle(chunk.get(i).unsent());
                }
            }
        }
    }

    /** The room knows of it, or nobody is there: not unsent any more. Which message it was nobody knows here, so no copy changes. */
    private void settle(Unsent settled) {
        var _ = saver.settle(settled.endpoint(), settled.seq(), "", Status.STORED, null);
    }

    private static <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            chunks.add(all.subList(from, Math.min(from + CHUNK, all.size())));
        }
        return chunks;
    }
}
