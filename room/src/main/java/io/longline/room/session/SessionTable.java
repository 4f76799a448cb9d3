package io.longline.room.session;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one event loop, each in a slot. Slots are used again; the generation of a slot grows with each use, so
 * that a place that somebody remembers never names a later session.
 */
public final class SessionTable {
    private static final int FIRST_SIZE = 64;
    private static final int NO_SLOT = -1;

    private final int capacity;
    private @Nullable Session[] sessions = new @Nullable Session[FIRST_SIZE];
    private int[] slotGenerations = new int[FIRST_SIZE];
    private int[] nextFree = new int[FIRST_SIZE];
    private long[] endsAtMs = new long[FIRST_SIZE];
    private int used; // slots from here on were never used
    private int free = NO_SLOT; // the first of those given back
    private int size;
    private int swept;
    private int shown = NO_SLOT;
    private Consumer<Session> onEnd = _ -> {};

    /**
     * An empty table.
     *
     * @param capacity the most sessions at a time
     */
    public SessionTable(int capacity) {
        this.capacity = capacity;
    }

    /** Somebody who keeps something of sessions is told of each that ends. To be said before there are any. */
    public void onEnd(Consumer<Session> toTell) {
        onEnd = toTell;
    }

    /**
     * Gives the session a place; false if there is none left.
     *
     * @param tokenEndsAtMs when the session ends by itself
     */
    public boolean add(Session session, long tokenEndsAtMs) {
        if (size == capacity) {
            return false;
        }
        int slot = takeSlot();
        slotGenerations[slot]++;
        sessions[slot] = session;
        endsAtMs[slot] = tokenEndsAtMs;
        size++;
        session.placed(slot, slotGenerations[slot]);
        return true;
    }

    public @Nullable Session find(int slot, int slotGeneration) {
        boolean exists = slot >= 0 && slot < used && slotGenerations[slot] == slotGeneration;
        return exists ? sessions[slot] : null;
    }

    /** Ends the session and frees its slot; false if it had ended before. */
    public boolean remove(Session session) {
        int slot = session.slot();
        if (find(slot, session.slotGeneration()) != session) {
            return false;
        }
        sessions[slot] = null;
        nextFree[slot] = free;
        free = slot;
        size--;
        session.ended();
        onEnd.accept(session);
        return true;
    }

    /** The session's token was renewed. */
    public void renew(Session session, long tokenEndsAtMs) {
        endsAtMs[session.slot()] = tokenEndsAtMs;
    }

    public int size() {
        return size;
    }

    /** All slots are below this. */
    public int slots() {
        return used;
    }

    /** Visits the sessions in slots {@code from} (included) to {@code to} (excluded). They may be removed meanwhile. */
    public void forEach(int from, int to, Consumer<Session> visitor) {
        for (int slot = from; slot < Math.min(to, used); slot++) {
            Session session = sessions[slot];
            if (session != null) {
                visitor.accept(session);
            }
        }
    }

    /** One that is wanted, each time the next one in the order of slots; null: there is none. */
    public @Nullable Session next(Predicate<Session> wanted) {
        for (int i = 0; i < used; i++) {
            shown = (shown + 1) % used;
            Session session = sessions[shown];
            if (session != null && wanted.test(session)) {
                return session;
            }
        }
        return null;
    }

    /** Looks at one of so many slices, the next one at each call, for sessions whose token has ended. */
    public void sweep(int slices, long nowMs, Consumer<Session> ended) {
        int from = (int) ((long) used * swept / slices);
        int to = (int) ((long) used * (swept + 1) / slices);
        swept = (swept + 1) % slices;
        for (int slot = from; slot < to; slot++) {
            Session session = sessions[slot];
            if (session != null && endsAtMs[slot] <= nowMs) {
                ended.accept(session);
            }
        }
    }

    private int takeSlot() {
        if (free != NO_SLOT) {
            int slot = free;
            free = nextFree[slot];
            return slot;
        }
        if (used == sessions.length) {
            grow(Math.min(capacity, used * 2));
        }
        return used++;
    }

    private void grow(int length) {
        sessions = Arrays.copyOf(sessions, length);
        slotGenerations = Arrays.copyOf(slotGenerations, length);
        nextFree = Arrays.copyOf(nextFree, length);
        endsAtMs = Arrays.copyOf(endsAtMs, length);
    }
}
