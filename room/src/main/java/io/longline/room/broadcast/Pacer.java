package io.longline.room.broadcast;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many people may be let have a broadcast of one topic now, in all loops together: never more than the rate in any second that is looked at, also
 * right after the rate was changed, and nobody once the share is over. What was not used is not saved up.
 *
 * <p>Whoever takes leave for somebody says what became of it. As long as he has not, because a log is being read first, it counts as if it happened
 * this moment: otherwise many reads that end together would exceed the rate.
 */
public final class Pacer {
    private final LongSupplier nanos;
    private final ByteBudget bytes;
    private final SlidingWindow window;
    private int perSecond;
    private boolean runs;
    private long overAtNanos;
    private long underWay;

    Pacer(LongSupplier nanos, ByteBudget bytes) {
        this.nanos = nanos;
        this.bytes = bytes;
        this.window = new SlidingWindow(nanos.getAsLong());
    }

    /** @param peoplePerS 0: as many as there are */
    synchronized void share(int peoplePerS, Duration time) {
        perSecond = peoplePerS;
        overAtNanos = nanos.getAsLong() + time.toNanos();
        runs = true;
    }

    synchronized void rest() {
        runs = false;
    }

    /** Nobody may be let have it before there is another share. */
    public synchronized boolean isOver() {
        return !runs || nanos.getAsLong() - overAtNanos >= 0;
    }

    /** Whether there is a number of people a second beyond which nobody may be let. */
    public synchronized boolean isPaced() {
        return perSecond > 0;
    }

    /** Whether there is a number of bytes a second likewise. */
    public boolean limitsBytes() {
        return bytes.isLimited();
    }

    /** Leave for so many, or for as many as may be now. */
    public synchronized int take(int wanted, long bytesEach) {
        if (isOver()) {
            return 0;
        }
        long now = nanos.getAsLong();
        long free =
                perSecond == 0 ? wanted : Math.min(window.free(perSecond, now), window.left(perSecond, now) - underWay);
        int taken = bytes.take(Math.clamp(free, 0, wanted), bytesEach);
        underWay += taken;
        return taken;
    }

    /** Without a share and a pace: everybody may have it. The bytes count all the same. */
    public int takeUnpaced(int wanted, long bytesEach) {
        int taken = bytes.take(wanted, bytesEach);
        synchronized (this) {
            underWay += taken;
        }
        return taken;
    }

    /** So many of those for whom leave was taken have it now, or take it whenever they can. */
    public synchronized void used(int people) {
        underWay -= people;
        window.add(people, nanos.getAsLong());
    }

    /** So many of those for whom leave was taken are no more. */
    public synchronized void unused(int people) {
        underWay -= people;
    }
}
