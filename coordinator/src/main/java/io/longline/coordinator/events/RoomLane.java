package io.longline.coordinator.events;

import io.longline.coordinator.CoordinatorMetrics;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be told to one start of one room, and the thread that tells it, so that a room which is slow or stopped delays no other. It
 * tries until the room has answered or is gone. Bounded: what does not fit stays pending in the stream and comes again.
 */
final class RoomLane {
    private static final Logger log = LoggerFactory.getLogger(RoomLane.class);
    private static final int BATCH = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final long IDLE_S = 10;

    private final SessionClient rooms;
    private final EventStream stream;
    private final CoordinatorMetrics metrics;
    private final Consumer<SessionEvent> released;
    private final BlockingQueue<SessionEvent> waiting;
    private final long graceNanos;

    /** Since when it is missing in ZooKeeper; 0: it is not. */
    private long missingSinceNanos;

    /**
     * @param limit of what waits
     * @param grace how long that start must be missing until it is gone
     * @param released is given each entry that this lane no longer holds, done or not
     */
    RoomLane(
            SessionClient rooms,
            EventStream stream,
            int limit,
            Duration grace,
            CoordinatorMetrics metrics,
            Consumer<SessionEvent> released) {
        this.waiting = new ArrayBlockingQueue<>(limit);
        this.graceNanos = grace.toNanos();
        this.rooms = rooms;
        this.stream = stream;
        this.metrics = metrics;
        this.released = released;
    }

    /** False if it is full. */
    boolean offer(SessionEvent event) {
        return waiting.offer(event);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** @param retire asked when there was nothing to do for a while; true ends the lane */
    void run(BooleanSupplier retire) {
        List<SessionEvent> batch = new ArrayList<>();
        try {
            while (true) {
                SessionEvent first = waiting.poll(IDLE_S, TimeUnit.SECONDS);
                if (first == null) {
                    if (retire.getAsBoolean()) {
                        return;
                    }
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, BATCH - 1);
                carry(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends; what is left is pending, and another's
        }
    }

    private void carry(List<SessionEvent> batch) throws InterruptedException {
        List<SessionEvent> left = List.copyOf(batch);
        try {
            left = once(left);
            while (!left.isEmpty()) {
                Thread.sleep(PAUSE);
                waiting.drainTo(left, BATCH - left.size()); // what cannot be answered now holds up no other
                left = once(left);
            }
        } catch (RuntimeException e) {
            log.error("a fault of ours, the entries stay pending count={}", left.size(), e);
            left.forEach(released);
        }
    }

    /** Those that are not done. */
    private List<SessionEvent> once(List<SessionEvent> batch) {
        List<SessionEvent> done = new ArrayList<>();
        List<SessionEvent> left = new ArrayList<>();
        if (isGone(batch.getFirst().place())) {
            metrics.roomGone(batch.size());
            done.addAll(batch);
        } else {
            tell(batch, done, left);
        }
        finish(done);
        return left;
    }

    /** A room that takes a new start binds its sessions under it before that is announced. */
    private boolean isGone(SessionEvent.Place place) {
        SessionClient.Seen seen = rooms.look(place);
        long now = System.nanoTime();
        if (seen != SessionClient.Seen.MISSING) {
            missingSinceNanos = 0;
        } else if (missingSinceNanos == 0) {
            missingSinceNanos = now;
        }
        return seen == SessionClient.Seen.OVER || (missingSinceNanos != 0 && now - missingSinceNanos >= graceNanos);
    }

    private void tell(List<SessionEvent> batch, List<SessionEvent> done, List<SessionEvent> left) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletableFuture<Boolean>> answers =
                batch.stream().map(event -> rooms.tell(event, deadline)).toList();
        for (int i = 0; i < batch.size(); i++) {
            boolean answered = answers.get(i).join();
            (answered ? done : left).add(batch.get(i));
        }
        metrics.answered(done.size());
        metrics.unanswered(left.size());
    }

    private void finish(List<SessionEvent> done) {
        if (done.isEmpty()) {
            return;
        }
        try {
            stream.finish(done.stream().map(SessionEvent::entry).toList());
        } catch (LonglineException e) {
            // They stay pending and are carried once more, which changes nothing at the room.
            log.debug("entries not finished count={} error={}", done.size(), e.getMessage());
        }
        done.forEach(released);
    }
}
