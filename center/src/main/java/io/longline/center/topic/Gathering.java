package io.longline.center.topic;

import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where much is sent to topics with a merge window, holds back for a moment what rooms are to be told of it, and lets all of it go at once: rooms hold
 * it for far longer in any case, and a call that tells of many messages costs them little more than one that tells of one. From any thread.
 */
public final class Gathering {
    /** Beyond it all that is held goes at once. */
    static final int MOST_BYTES = 4 << 20;
    /** A moment is this part of a window. */
    private static final int PART = 20;
    /** Of windows of which that would be less nothing is held. */
    private static final int LEAST_MS = 5;

    private static final Logger log = LoggerFactory.getLogger(Gathering.class);

    private final Products products;
    private final int most;
    private final Sleep sleep;
    /** What came since the last telling, by the length of the moment. Guarded by this, like all below. */
    private final Map<Integer, List<Held>> moments = new HashMap<>();

    private int count;
    private long bytes;

    private record Held(int size, Runnable telling) {}

    /** How a thread waits. */
    @FunctionalInterface
    interface Sleep {
        void of(Duration time) throws InterruptedException;
    }

    /** @param most with so many of them all that is held goes at once */
    public Gathering(Products products, int most) {
        this(products, most, Thread::sleep);
    }

    Gathering(Products products, int most, Sleep sleep) {
        this.products = products;
        this.most = most;
        this.sleep = sleep;
    }

    /**
     * Whether it takes over the telling of a message to this topic. Otherwise its time is now: the topic has no merge window, or a short one, or
     * nothing was told within the last moment.
     *
     * @param size of the message in bytes, about
     * @param telling must not block
     */
    boolean holds(String product, String topic, int size, Runnable telling) {
        int forMs = forMs(product, topic);
        return forMs >= LEAST_MS && holds(forMs, new Held(size, telling));
    }

    private int forMs(String product, String topic) {
        int windowMs = products.find(product)
                .map(Product::merge)
                .map(merge -> merge.of(topic))
                .orElse(0);
        return windowMs / PART;
    }

    private boolean holds(int forMs, Held one) {
        List<Held> full;
        synchronized (this) {
            List<Held> since = moments.get(forMs);
            if (since == null) {
                moments.put(forMs, new ArrayList<>());
                Thread.startVirtualThread(() -> endMoments(forMs));
                return false;
            }
            since.add(one);
            count++;
            bytes += one.size;
            full = count < most && bytes < MOST_BYTES ? List.of() : all();
        }
        letGo(full);
        return true;
    }

    /** One after the other, until nothing comes within one. */
    private void endMoments(int forMs) {
        boolean ended = false;
        try {
            while (isGoingOn(forMs)) {
                try {
                    sleep.of(Duration.ofMillis(forMs));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // then they are short
                }
                letGo(taken(forMs));
            }
            ended = true;
        } finally {
            if (!ended) {
                forget(forMs);
            }
        }
    }

    private synchronized boolean isGoingOn(int forMs) {
        return moments.containsKey(forMs);
    }

    /** What came within the moment; if that is nothing, none follows. */
    private synchronized List<Held> taken(int forMs) {
        List<Held> since = moments.getOrDefault(forMs, List.of());
        if (since.isEmpty()) {
            moments.remove(forMs);
        } else {
            moments.put(forMs, new ArrayList<>());
        }
        count -= since.size();
        bytes -= since.stream().mapToLong(Held::size).sum();
        return since;
    }

    /** Nobody would let go what is still held there. The next one begins a moment again. */
    private synchronized void forget(int forMs) {
        List<Held> since = moments.getOrDefault(forMs, List.of());
        count -= since.size();
        bytes -= since.stream().mapToLong(Held::size).sum();
        moments.remove(forMs);
    }

    private List<Held> all() {
        List<Held> all = new ArrayList<>(count);
        for (List<Held> since : moments.values()) {
            all.addAll(since);
            since.clear();
        }
        count = 0;
        bytes = 0;
        return all;
    }

    private static void letGo(List<Held> some) {
        for (Held one : some) {
            try {
                one.telling.run();
            } catch (RuntimeException e) {
                log.error("rooms could not be told of a topic", e); // the next round tells them
            }
        }
    }
}
