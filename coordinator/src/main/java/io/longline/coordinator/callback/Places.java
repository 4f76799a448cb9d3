package io.longline.coordinator.callback;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests that may be under way at a time, of all callbacks together. One gets another place only while it has fewer than are free: alone it
 * takes half of them, of several busy ones each takes as many as are left, and there is one for who comes next. Any thread.
 */
public final class Places {
    private final int most;
    private int taken;
    private long waits;
    /** Who was not let in, each once. */
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    public Places(int most) {
        this.most = most;
    }

    /** What one callback has of them. */
    static final class Share {
        private int held;
    }

    private record Waiting(Share share, Runnable whenFree) {}

    /** Whether one may be taken. Else {@code whenFree} is called once when it may, unless another is quicker then. */
    synchronized boolean enter(Share share, Runnable whenFree) {
        if (mayEnter(share)) {
            share.held++;
            taken++;
            return true;
        }
        if (waiting.add(new Waiting(share, whenFree))) {
            waits++;
        }
        return false;
    }

    private boolean mayEnter(Share share) {
        return share.held < most - taken;
    }

    void leave(Share share) {
        int asked;
        synchronized (this) {
            share.held--;
            taken--;
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
