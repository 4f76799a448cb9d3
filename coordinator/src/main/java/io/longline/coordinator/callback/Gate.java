package io.longline.coordinator.callback;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.longline.keeper.balance.SmoothRoundRobin;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.WeightedUrl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;

/**
 * The way to one callback: so many requests at a time, and none for a while after many have failed. Where it is in several places they take
 * turns by their weights, and one that fails is left out.
 */
public final class Gate implements AutoCloseable {
    /** How long a place that fails is left alone before some requests find out whether it is well again. */
    public static final Duration OPEN = Duration.ofSeconds(5);

    private static final int MOST_AT_A_TIME = 64;

    private final Callback callback;
    private final List<Destination> destinations;
    private final SmoothRoundRobin<Destination> turns = new SmoothRoundRobin<>(Destination::name, Destination::weight);
    private final InstantSource clock;
    private final Places places;
    private final Places.Share share;
    private final Bulkhead bulkhead;
    /** Who was not let in, each once. */
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    /**
     * @param name the product's, a slash, and its own
     * @param places shared with other callbacks
     */
    Gate(String name, Callback callback, DnsResolver addresses, InstantSource clock, Places places) {
        this.callback = callback;
        this.destinations = destinations(name, callback, addresses);
        this.clock = clock;
        this.places = places;
        this.share = new Places.Share(name.split("/", 2)[0]);
        this.bulkhead = Bulkhead.of(
                name,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(atATime(callback))
                        .maxWaitDuration(Duration.ZERO)
                        .build());
    }

    private static List<Destination> destinations(String name, Callback callback, DnsResolver addresses) {
        List<Destination> destinations = new ArrayList<>();
        List<WeightedUrl> places = callback.places();
        for (WeightedUrl place : places) {
            String own = places.size() == 1 ? name : name + "#" + (destinations.size() + 1);
            destinations.add(new Destination(own, callback, place, addresses));
        }
        return List.copyOf(destinations);
    }

    /** How many requests may be under way at a time. */
    public int atATime() {
        return atATime(callback);
    }

    /** Whatever its back end wants: each request takes this process 1 to 4 MiB. */
    static int atATime(Callback callback) {
        return Math.min(callback.maxInFlight(), MOST_AT_A_TIME);
    }

    /**
     * Whether a request may begin; who may gives it back with {@link #leave}. Else {@code whenFree} is called once when another has left,
     * which does not promise that there is room still.
     */
    public boolean enter(Runnable whenFree) {
        synchronized (waiting) {
            if (!bulkhead.tryAcquirePermission()) {
                waiting.add(whenFree);
                return false;
            }
            boolean free = places.enter(share, whenFree);
            if (!free) {
                bulkhead.onComplete();
            }
            return free;
        }
    }

    public void leave() {
        Runnable next = null;
        synchronized (waiting) {
            bulkhead.onComplete();
            Iterator<Runnable> first = waiting.iterator();
            if (first.hasNext()) {
                next = first.next();
                first.remove();
            }
        }
        places.leave(share);
        if (next != null) {
            next.run();
        }
    }

    /** Whether a request would be {@link CallbackOutcome.Spared} now; for who would have to make it first. */
    public boolean spares() {
        return destinations.stream().noneMatch(Destination::isOpen);
    }

    /** Why it is spared, where it is. */
    public String lastFailure() {
        return destinations.stream()
                .map(Destination::lastFailure)
                .filter(Objects::nonNull)
                .findFirst()
                .map(CallbackOutcome::inShort)
                .orElse("no answer");
    }

    /** Posts signed JSON and waits; between {@link #enter} and {@link #leave}. */
    public CallbackOutcome post(byte[] json) {
        Optional<Destination> next = next();
        if (next.isEmpty()) {
            return new CallbackOutcome.Spared();
        }
        long unixSeconds = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
        return next.get().post(json, Signature.of(callback.secret(), unixSeconds, json));
    }

    /** Whose turn it is of those that are not left alone. */
    private Optional<Destination> next() {
        List<Destination> open =
                destinations.stream().filter(Destination::isOpen).toList();
        return turns.order(open).stream().filter(Destination::enter).findFirst();
    }

    @Override
    public void close() {
        destinations.forEach(Destination::close);
    }
}
