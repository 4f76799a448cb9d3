package io.longline.room.transport.door;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often an address may connect: so many times a second, and as many at once. In a fixed memory of 512 KiB, whoever comes: addresses
 * share 65,536 places, and those that meet in one share its rate. Which ones do is different in each process.
 */
final class ConnectRate {
    private static final int PLACES = 1 << 16;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** When the place will have paid off what it has taken (the generic cell rate algorithm). */
    private final AtomicLongArray paidOff = new AtomicLongArray(PLACES);

    private final long seed = ThreadLocalRandom.current().nextLong();

    /**
     * Whether one more may come.
     *
     * @param nanos a time from 0 on that only grows
     */
    boolean takes(long site, int perSecond, long nanos) {
        int place = place(site);
        long each = SECOND / perSecond;
        while (true) {
            long before = paidOff.get(place);
            long after = Math.max(before, nanos) + each;
            if (after > nanos + SECOND) {
                return false;
            }
            if (paidOff.compareAndSet(place, before, after)) {
                return true;
            }
        }
    }

    private int place(long site) {
        long mixed = (site ^ seed) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return (int) (mixed >>> (Long.SIZE - 16));
    }
}
