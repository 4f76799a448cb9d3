package io.longline.room.heartbeat;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When each of many was last heard of, in arrays by slot. {@link #sweep} looks at one slice of them; called ten times a
 * second with {@link #SLICES} slices it sees everybody once a second, so silence is noticed up to a second late.
 */
public final class Heartbeat<W extends Watched> {
    public static final int SLICES = 10;

    private static final int FIRST_SIZE = 64;
    private static final int NO_SLOT = -1;

    private final LongSupplier clockMs;
    private final long startMs;
    private @Nullable Object[] watched = new @Nullable Object[FIRST_SIZE];
    private int[] seenMs = new int[FIRST_SIZE]; // since the start, modulo 2^32: only differences are used
    private int[] allowedMs = new int[FIRST_SIZE]; // of a free slot: the next free one
    private int used;
    private int free = NO_SLOT;
    private int size;
    private int swept;

    /**
     * Watches nobody yet.
     *
     * @param clockMs milliseconds that only grow
     */
    public Heartbeat(LongSupplier clockMs) {
        this.clockMs = clockMs;
        this.startMs = clockMs.getAsLong();
    }

    /** Watches somebody from now on and answers the slot. */
    public int add(W who, int allowedSilenceMs) {
        int slot = takeSlot();
        watched[slot] = who;
        allowedMs[slot] = allowedSilenceMs;
        seenMs[slot] = now();
        size++;
        return slot;
    }

    /** Somebody else answers for the slot now. */
    public void replace(int slot, W who) {
        watched[slot] = who;
    }

    /** It was heard of. */
    public void seen(int slot) {
        seenMs[slot] = now();
    }

    /** So much silence is allowed, counted from now. */
    public void allow(int slot, int silenceMs) {
        allowedMs[slot] = silenceMs;
        seenMs[slot] = now();
    }

    public void remove(int slot) {
        watched[slot] = null;
        allowedMs[slot] = free;
        free = slot;
        size--;
    }

    public int size() {
        return size;
    }

    /** Looks at the next slice and tells those that were silent for too long. */
    public void sweep() {
        int now = now();
        int from = (int) ((long) used * swept / SLICES);
        int to = (int) ((long) used * (swept + 1) / SLICES);
        swept = (swept + 1) % SLICES;
        for (int slot = from; slot < to; slot++) {
            W who = at(slot);
            if (who != null && now - seenMs[slot] >= allowedMs[slot]) {
                seenMs[slot] = now;
                who.silent();
            }
        }
    }

    public void forEach(Consumer<W> visitor) {
        for (int slot = 0; slot < used; slot++) {
            W who = at(slot);
            if (who != null) {
                visitor.accept(who);
            }
        }
    }

    @SuppressWarnings("unchecked") // only W comes in
    private @Nullable W at(int slot) {
        return (W) watched[slot];
    }

    private int now() {
        return (int) (clockMs.getAsLong() - startMs);
    }

    private int takeSlot() {
        if (free != NO_SLOT) {
            int slot = free;
            free = allowedMs[slot];
            return slot;
        }
        if (used == watched.length) {
            watched = Arrays.copyOf(watched, used * 2);
            seenMs = Arrays.copyOf(seenMs, used * 2);
            allowedMs = Arrays.copyOf(allowedMs, used * 2);
        }
        return used++;
    }
}
