package io.longline.coordinator.outbox;

import io.longline.coordinator.callback.Gate;
import io.longline.coordinator.callback.Gates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where shards put what is to be carried: what waits for the same callback goes in common requests, as many at a time as its gate lets in.
 * Else a busy product would call its back end once for each of the 256 shards, with an event or two. Any thread; bounded by what each
 * reader may have under way.
 */
final class Lanes {
    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final Gates gates;
    private final Delivery delivery;
    private final Executor threads;
    private final Map<Parcel.Address, Deque<Parcel>> waiting = new HashMap<>();

    /** @param threads one for each request */
    Lanes(Gates gates, Delivery delivery, Executor threads) {
        this.gates = gates;
        this.delivery = delivery;
        this.threads = threads;
    }

    /** What a gate is given to call when somebody has left; equal ones wait there once. */
    private record Begin(Lanes lanes, Parcel.Address address) implements Runnable {
        @Override
        public void run() {
            lanes.begin(address);
        }
    }

    void add(Parcel parcel) {
        synchronized (waiting) {
            waiting.computeIfAbsent(parcel.address(), _ -> new ArrayDeque<>()).add(parcel);
        }
        begin(parcel.address());
    }

    private void begin(Parcel.Address address) {
        Optional<Gate> known = gates.of(address.product(), address.kind());
        if (known.isEmpty()) {
            all(address).forEach(parcel -> parcel.end().come(DeliveryOutcome.NOT_TRIED));
            return;
        }
        Gate gate = known.get();
        while (isWaiting(address) && gate.enter(new Begin(this, address))) {
            List<Parcel> together = next(address);
            if (together.isEmpty()) { // another thread was quicker
                gate.leave();
                return;
            }
            threads.execute(() -> carry(together, gate));
        }
    }

    private void carry(List<Parcel> together, Gate gate) {
        try {
            delivery.carry(together, gate);
        } catch (RuntimeException | Error e) { // else its endpoints would seem to be under way for ever
            log.error(
                    "a fault of ours, the events are tried again lane={}",
                    together.getFirst().address(),
                    e);
            together.forEach(parcel -> parcel.end().come(DeliveryOutcome.FAILED, "a fault of ours"));
        } finally {
            gate.leave();
            begin(together.getFirst().address());
        }
    }

    private boolean isWaiting(Parcel.Address address) {
        synchronized (waiting) {
            return waiting.containsKey(address);
        }
    }

    private List<Parcel> all(Parcel.Address address) {
        synchronized (waiting) {
            Deque<Parcel> all = waiting.remove(address);
            return all == null ? List.of() : List.copyOf(all);
        }
    }

    /** The first one, and those behind it that a request has room for. */
    private List<Parcel> next(Parcel.Address address) {
        synchronized (waiting) {
            List<Parcel> together = new ArrayList<>();
            Deque<Parcel> lane = waiting.getOrDefault(address, new ArrayDeque<>());
            int events = 0;
            long bytes = 0;
            for (Parcel parcel = lane.peek(); parcel != null; parcel = lane.peek()) {
                events += parcel.refs().size();
                bytes += parcel.bytes();
                boolean fits = events <= StreamQueue.MOST_EVENTS && bytes <= StreamQueue.MOST_BYTES;
                if (!together.isEmpty()
                        && !(fits && parcel.joins() && together.getFirst().joins())) {
                    break;
                }
                together.add(lane.remove());
            }
            if (lane.isEmpty()) {
                waiting.remove(address);
            }
            return together;
        }
    }
}
