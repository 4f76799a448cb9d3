package io.longline.coordinator.callback;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests that may be under way at a time, of all callbacks together. One gets another place only while it has fewer than are free: alone it
 * takes half of them, of several busy ones each takes as many as are left, and there is one for who comes next. Those of one product together
 * take no more than three quarters, where there are four or more. Any thread.
 */
public final class Places {
    private final int most;
    private int taken;
    private long waits;
    /** By product; where it has none nothing. */
    private final Map<String, Integer> heldOf = new HashMap<>();
    /** Who was not let in, each once. */
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    public Places(int most) {
        this.most = most;
    }

    /** What one callback has of them. */
    static final class Share {
        private final String product;
        private int held;

        Share(String product) {
            this.product = product;
        }
    }

    private record Waiting(Share share, Runnable whenFree) {}

    /** Whether one may be taken. Else {@code whenFree} is called once when it may, unless another is quicker then. */
    synchronized boolean enter(Share share, Runnable whenFree) {
        if (mayEnter(share)) {
            share.held++;
            taken++;
            heldOf.merge(share.product, 1, Integer::sum);
            return true;
        }
        if (waiting.add(new Waiting(share, whenFree))) {
            waits++;
        }
        return false;
    }

    private boolean mayEnter(Share share) {
        boolean productMay = most < 4 || heldOf.getOrDefault(share.product, 0) < most - most / 4;
        return productMay && share.held < most - taken;
    }

    void leave(Share share) {
        int asked;
        synchronized (this) {
            share.held--;
            taken--;
            heldOf.computeIfPresent(share.product, (_, held) -> held == 1 ? null : held - 1);
            asked = waiting.size();
        }
        while (asked > 0) {
            Runnable next = next();
            if (next == null) {
                return;
            }
            next.run();
            asked--;
        }
    }

    /** The first that may; who is told and needs none leaves it to the one after it. */
    private synchronized @Nullable Runnable next() {
        Iterator<Waiting> all =
                taken < most ? waiting.iterator() : Set.<Waiting>of().iterator();
        while (all.hasNext()) {
            Waiting first = all.next();
            if (mayEnter(first.share)) {
                all.remove();
                return first.whenFree;
            }
        }
        return null;
    }

    /** That are taken. */
    public synchronized int size() {
        return taken;
    }

    public int most() {
        return most;
    }

    /** How often somebody was not let in. */
    public synchronized long waits() {
        return waits;
    }
}
