package io.longline.center.traffic;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How much was taken and refused here since saver was last told, by product. Any thread. */
public final class Traffic {
    private final Map<String, Counters> products = new ConcurrentHashMap<>();

    private record Counters(AtomicLong accepted, AtomicLong refused) {}

    /** So many targets of messages, or requests of which nobody knows. */
    public record Seen(long accepted, long refused) {}

    /** Targets that a message was sent to, or is to be. */
    public void accepted(String product, int targets) {
        of(product).accepted.addAndGet(targets);
    }

    /** Targets that were answered with 429. */
    public void refused(String product, int targets) {
        of(product).refused.addAndGet(targets);
    }

    private Counters of(String product) {
        return products.computeIfAbsent(product, _ -> new Counters(new AtomicLong(), new AtomicLong()));
    }

    /** All of the products of which something was seen; it is forgotten here. */
    public Map<String, Seen> take() {
        Map<String, Seen> taken = new HashMap<>();
        products.forEach((product, counters) -> {
            Seen seen = new Seen(counters.accepted.getAndSet(0), counters.refused.getAndSet(0));
            if (seen.accepted + seen.refused > 0) {
                taken.put(product, seen);
            }
        });
        return taken;
    }

    /** This was taken, and nobody could be told. */
    public void putBack(String product, Seen seen) {
        Counters counters = of(product);
        counters.accepted.addAndGet(seen.accepted);
        counters.refused.addAndGet(seen.refused);
    }
}
